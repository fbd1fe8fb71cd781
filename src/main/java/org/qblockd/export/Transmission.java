// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;
import org.qblockd.export.transport.ClientWire;
import org.qblockd.nbd.Agreement;
import org.qblockd.nbd.HeaderMode;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.Replies;
import org.qblockd.nbd.Request;

/**
 * A connection after its handshake. Its thread reads requests and serves those that are quick, all
 * that have come in as one batch with one write of their replies; the others are served beside it.
 */
final class Transmission {
  /** Requests served beside the connection's thread at a time. */
  private static final int MAX_BESIDE = 16;

  private static final int INPUT_BYTES = 64 << 10;

  private final ClientWire wire;
  private final HeaderMode mode;
  private final NbdExport export;
  private final List<Integer> contexts;
  private final RequestCheck check;
  private final RequestServer server;
  private final ReentrantLock sending = new ReentrantLock();
  private final Memory.Share memory;
  private final ReplyBuffer out;
  private final Semaphore beside = new Semaphore(MAX_BESIDE);
  private final Phaser running = new Phaser(1);
  private boolean inline;

  Transmission(ClientWire wire, NbdExport export, Agreement agreement, Memory memory) {
    this.memory = memory.share();
    this.wire = wire;
    this.mode = agreement.mode();
    this.export = export;
    this.contexts = agreement.contexts();
    this.check =
        new RequestCheck(
            mode,
            agreement.export().size(),
            (agreement.export().flags() & Nbd.READ_ONLY) != 0,
            !contexts.isEmpty());
    this.server = new RequestServer(export, new Replies(mode), contexts);
    this.out = new ReplyBuffer(wire, sending, this.memory);
  }

  /** Serves until the client ends or does what cannot be answered. */
  void run() throws IOException {
    boolean large = memory.takeInput(INPUT_BYTES);
    int size = large ? INPUT_BYTES : BufferPool.MIN_POOLED_BYTES;
    try (PooledBuffer loan = BufferPool.get(size)) {
      ByteBuffer in = loan.buffer();
      boolean more = true;
      while (more && wire.readSome(in)) {
        ByteBuffer unused = in.flip();
        inline = FastNodes.isFast(export.backend());
        more = batch(in);
        unused = in.compact();
        out.rest();
      }
    } finally {
      out.close();
      int unused = running.arriveAndAwaitAdvance();
      if (large) {
        memory.giveInputBack(INPUT_BYTES);
      }
    }
  }

  /** Serves all requests that are there; false when it was the last. */
  private boolean batch(ByteBuffer in) throws IOException {
    while (in.remaining() >= Request.headerBytes(mode)) {
      int magic = in.getInt();
      Request request = Request.decode(mode, in);
      if (magic != Request.magic(mode)) {
        refuse(
            request,
            "invalid magic (got 0x%08x, expected 0x%08x)".formatted(magic, Request.magic(mode)));
        return false;
      }
      if (request.command() == Nbd.CMD_DISC || !take(request, in)) {
        return false;
      }
    }
    return true;
  }

  private void refuse(Request request, String message) throws IOException {
    server.refuse(request, Errno.EINVAL, message, out);
  }

  private boolean take(Request request, ByteBuffer in) throws IOException {
    boolean withPayload = mode == HeaderMode.EXTENDED && request.has(Nbd.CMD_FLAG_PAYLOAD_LEN);
    if (request.command() == Nbd.CMD_BLOCK_STATUS && withPayload) {
      return statusWithPayload(request, in);
    }
    long payload = request.command() == Nbd.CMD_WRITE || withPayload ? request.length() : 0;
    RequestCheck.Refusal refusal = check.check(request);
    if (refusal != null) {
      server.refuse(request, refusal.errno(), refusal.message(), out);
      // Too much to throw away: what follows cannot be found any more.
      return skip(payload, in);
    }
    if (request.command() == Nbd.CMD_WRITE) {
      write(request, (int) payload, in);
    } else if (inline && isQuick(request)) {
      server.serve(request, null, out);
    } else {
      serveBeside(request, null);
    }
    return true;
  }

  private static boolean isQuick(Request request) {
    return request.command() != Nbd.CMD_FLUSH && !request.has(Nbd.CMD_FLAG_FUA);
  }

  // ---- payloads ---------------------------------------------------------------------------------

  private boolean skip(long bytes, ByteBuffer in) throws IOException {
    if (bytes < 0 || bytes > Nbd.MAX_BUFFER) {
      return false;
    }
    if (bytes > in.remaining()) {
      // The client may wait for the replies before it goes on.
      out.flush();
    }
    try (PooledBuffer loan = BufferPool.get(BufferPool.MIN_POOLED_BYTES)) {
      for (long left = bytes; left > 0; ) {
        ByteBuffer piece = loan.buffer().clear();
        fill(piece.limit((int) Math.min(left, BufferPool.MIN_POOLED_BYTES)), in);
        left -= piece.limit();
      }
    }
    return true;
  }

  /** Takes what has been read, and the rest from the client. */
  private void fill(ByteBuffer piece, ByteBuffer in) throws IOException {
    int there = Math.min(piece.remaining(), in.remaining());
    ByteBuffer unused = piece.put(in.slice(in.position(), there));
    unused = in.position(in.position() + there);
    wire.read(piece);
    unused = piece.flip();
  }

  private void write(Request request, int length, ByteBuffer in) throws IOException {
    if (length > ReadCommand.PIECE || length > Memory.SMALL && !memory.take(length)) {
      writeInPieces(request, length, in);
      return;
    }
    if (length > in.remaining()) {
      out.flush();
    }
    Payload payload = new Payload(length, length > Memory.SMALL ? memory : null);
    boolean passedOn = false;
    try {
      fill(payload.bytes(), in);
      if (inline && isQuick(request)) {
        server.serve(request, payload.bytes(), out);
      } else {
        passedOn = true;
        serveBeside(request, payload);
      }
    } finally {
      if (!passedOn) {
        payload.close();
      }
    }
  }

  /** A large write needs no large memory; after an error the rest is read but not written. */
  private void writeInPieces(Request request, int length, ByteBuffer in) throws IOException {
    BlockException failure = null;
    out.flush();
    boolean large = memory.take(ReadCommand.PIECE);
    int size = large ? ReadCommand.PIECE : Memory.SMALL;
    try (PooledBuffer loan = BufferPool.get(size)) {
      for (int done = 0; done < length; ) {
        ByteBuffer piece = loan.buffer().clear();
        int bytes = Math.min(size, length - done);
        fill(piece.limit(bytes), in);
        failure = failure == null ? write(request, request.offset() + done, piece) : failure;
        done += bytes;
      }
    } finally {
      if (large) {
        memory.giveBack(ReadCommand.PIECE);
      }
    }
    if (failure == null) {
      server.succeed(request, out);
    } else {
      server.fail(request, failure, RequestServer.failure(Nbd.CMD_WRITE), out);
    }
  }

  private @Nullable BlockException write(Request request, long offset, ByteBuffer piece) {
    try {
      server.write(request, offset, piece);
      return null;
    } catch (BlockException e) {
      return e;
    }
  }

  // ---- status of some contexts ------------------------------------------------------------------

  private boolean statusWithPayload(Request request, ByteBuffer in) throws IOException {
    long length = request.length();
    long most = Long.BYTES + (long) Integer.BYTES * export.contexts().size();
    if (length < 0 || length > most || length < Long.BYTES || length % Integer.BYTES != 0) {
      refuse(request, "CMD_BLOCK_STATUS payload not valid");
      return skip(length, in);
    }
    ByteBuffer payload = ByteBuffer.allocate((int) length);
    fill(payload, in);
    long bytes = payload.getLong();
    List<Integer> ids = new ArrayList<>();
    boolean known = payload.hasRemaining();
    while (payload.hasRemaining()) {
      int id = payload.getInt();
      known &= contexts.contains(id) && !ids.contains(id);
      ids.add(id);
    }
    if (!known) {
      refuse(request, "CMD_BLOCK_STATUS payload not valid");
      return true;
    }
    Request plain =
        new Request(request.flags(), request.command(), request.cookie(), request.offset(), bytes);
    RequestCheck.Refusal refusal = check.check(plain.withoutFlag(Nbd.CMD_FLAG_PAYLOAD_LEN));
    if (refusal != null) {
      server.refuse(plain, refusal.errno(), refusal.message(), out);
    } else {
      server.serveStatus(plain, bytes, ids, out);
    }
    return true;
  }

  // ---- beside the connection's thread -----------------------------------------------------------

  private void serveBeside(Request request, @Nullable Payload payload) throws IOException {
    if (!beside.tryAcquire()) {
      // Nobody may wait for replies that lie here.
      out.flush();
      beside.acquireUninterruptibly();
    }
    int unused = running.register();
    Thread thread = Thread.ofVirtual().name("nbd-request").start(() -> runBeside(request, payload));
    assert thread.isVirtual();
  }

  private void runBeside(Request request, @Nullable Payload payload) {
    try (ReplyBuffer own = new ReplyBuffer(wire, sending, memory)) {
      server.serve(request, payload == null ? null : payload.bytes(), own);
      own.flush();
    } catch (IOException gone) {
      wire.close();
    } finally {
      if (payload != null) {
        payload.close();
      }
      beside.release();
      int unused = running.arriveAndDeregister();
    }
  }
}
