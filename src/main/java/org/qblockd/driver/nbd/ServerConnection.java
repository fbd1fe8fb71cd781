// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.nbd.ClientAgreement;
import org.qblockd.nbd.HeaderMode;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.Request;

/**
 * A connection after its handshake, with many requests in flight. Any thread sends and waits; a
 * thread of its own reads. What a server does against the protocol ends the connection.
 */
final class ServerConnection {
  private static final int MAX_CHUNK = Nbd.MAX_BUFFER + 64;

  private final ServerSocket socket;
  private final ClientAgreement agreement;
  private final ReplyReader replies;
  private final Map<Long, Exchange> waiting = new ConcurrentHashMap<>();
  private final ReentrantLock sending = new ReentrantLock();
  private final ByteBuffer header = ByteBuffer.allocateDirect(32);
  private long lastCookie;
  private volatile boolean dead;

  ServerConnection(ServerSocket socket, ClientAgreement agreement) {
    this.socket = socket;
    this.agreement = agreement;
    this.replies = new ReplyReader(socket, agreement.context());
  }

  void start() {
    Thread unused = Thread.ofPlatform().name("nbd-replies").daemon(true).start(this::readAll);
  }

  boolean dead() {
    return dead;
  }

  ClientAgreement agreement() {
    return agreement;
  }

  /** Sends a request whose cookie is chosen here, and waits; null when the connection is lost. */
  @Nullable Exchange exchange(Request wanted, @Nullable ByteBuffer data, @Nullable ByteBuffer into)
      throws InterruptedException {
    Exchange exchange = send(wanted, data, into);
    return exchange != null && exchange.await() ? exchange : null;
  }

  private @Nullable Exchange send(
      Request wanted, @Nullable ByteBuffer data, @Nullable ByteBuffer into) {
    sending.lock();
    try {
      long cookie = ++lastCookie;
      Request request =
          new Request(wanted.flags(), wanted.command(), cookie, wanted.offset(), wanted.length());
      Exchange exchange = new Exchange(request, into);
      waiting.put(cookie, exchange);
      if (dead) {
        waiting.remove(cookie);
        return null;
      }
      request.encode(agreement.mode(), header.clear());
      try {
        socket.write(header.flip(), data == null ? ByteBuffer.allocate(0) : data.duplicate());
      } catch (IOException gone) {
        cut();
      }
      return exchange;
    } finally {
      sending.unlock();
    }
  }

  /** Says good-bye, unless somebody is stuck in sending, and ends the connection. */
  void close() {
    if (sending.tryLock()) {
      try {
        if (!dead) {
          new Request(0, Nbd.CMD_DISC, 0, 0, 0).encode(agreement.mode(), header.clear());
          socket.write(header.flip());
        }
      } catch (IOException gone) {
        // It is being closed anyway.
      } finally {
        sending.unlock();
      }
    }
    cut();
  }

  /**
   * Ends the connection at once. Requests in flight learn it from the reading thread, which by then
   * writes into the memory of none of them.
   */
  void cut() {
    dead = true;
    socket.close();
  }

  private void die() {
    cut();
    for (Long cookie : List.copyOf(waiting.keySet())) {
      Exchange lost = waiting.remove(cookie);
      if (lost != null) {
        lost.lose();
      }
    }
  }

  private void readAll() {
    try {
      while (!dead) {
        readReply();
      }
    } catch (IOException gone) {
      // Requests in flight learn it below.
    } finally {
      die();
    }
  }

  private void readReply() throws IOException {
    int magic = socket.next(4).getInt();
    boolean extended = agreement.mode() == HeaderMode.EXTENDED;
    if (magic == Nbd.SIMPLE_REPLY_MAGIC && !extended) {
      simple(socket.next(12));
    } else if (magic == Nbd.STRUCTURED_REPLY_MAGIC && agreement.mode() == HeaderMode.STRUCTURED) {
      chunk(socket.next(16), false);
    } else if (magic == Nbd.EXTENDED_REPLY_MAGIC && extended) {
      chunk(socket.next(28), true);
    } else {
      throw new IOException("reply with a wrong magic number");
    }
  }

  private void simple(ByteBuffer reply) throws IOException {
    int error = reply.getInt();
    Exchange exchange = find(reply.getLong());
    boolean read = exchange.request().command() == Nbd.CMD_READ;
    if (read && agreement.mode() != HeaderMode.SIMPLE) {
      throw new IOException("simple reply to a read");
    }
    exchange.fail(error);
    if (read && error == 0) {
      replies.data(exchange, exchange.request().offset(), exchange.request().length());
    }
    complete(exchange);
  }

  private void chunk(ByteBuffer reply, boolean extended) throws IOException {
    int flags = reply.getShort();
    int type = Short.toUnsignedInt(reply.getShort());
    Exchange exchange = find(reply.getLong());
    if (extended) {
      long unused = reply.getLong();
    }
    long length = extended ? reply.getLong() : Integer.toUnsignedLong(reply.getInt());
    if (length < 0 || length > MAX_CHUNK) {
      throw new IOException("chunk of " + length + " bytes");
    }
    replies.payload(exchange, type, length);
    if ((flags & Nbd.REPLY_FLAG_DONE) != 0) {
      complete(exchange);
    }
  }

  private Exchange find(long cookie) throws IOException {
    Exchange exchange = waiting.get(cookie);
    if (exchange == null) {
      throw new IOException("reply to an unknown request");
    }
    return exchange;
  }

  private void complete(Exchange exchange) {
    if (waiting.remove(exchange.request().cookie()) != null) {
      exchange.complete();
    }
  }
}
