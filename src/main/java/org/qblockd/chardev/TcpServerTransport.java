// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * A monitor that listens on TCP, by Vert.x. It has one client at a time; further ones wait, unread
 * and without greeting, until that has left. The main thread opens, starts and closes; event loops
 * do the rest.
 */
public final class TcpServerTransport implements Transport {
  /** Clients that may wait; a further one is dropped at once. */
  static final int MAX_WAITING = 16;

  private final FrontEnd frontEnd;
  private final Supplier<Vertx> vertx;
  private final String host;
  private final int port;
  private final boolean waits;
  private final Consumer<String> notices;
  private final CountDownLatch firstClient = new CountDownLatch(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<VertxSocket> waiting = new ArrayDeque<>();
  private @Nullable VertxSocket client;
  private boolean started;
  private @Nullable NetServer server;

  /**
   * A listener that is not open yet.
   *
   * @param vertx asked when the transport is opened
   * @param host a name or address; empty for all addresses
   * @param port 0 to 65535; 0 lets the system choose
   * @param waits whether {@link #open} waits for the first client
   * @param notices gets the text that tells the user so, without the option it belongs to
   */
  public TcpServerTransport(
      FrontEnd frontEnd,
      Supplier<Vertx> vertx,
      String host,
      int port,
      boolean waits,
      Consumer<String> notices) {
    this.frontEnd = frontEnd;
    this.vertx = vertx;
    this.host = host;
    this.port = port;
    this.waits = waits;
    this.notices = notices;
  }

  @Override
  public void open() throws BlockException {
    String address = TcpAddress.resolve(host, port);
    NetServerOptions options =
        new NetServerOptions().setTcpNoDelay(true).setReuseAddress(true).setReusePort(false);
    NetServer created = vertx.get().createNetServer(options);
    created.connectHandler(this::connected);
    server = TcpAddress.await(created.listen(port, address), TcpAddress::bindFailure);
    if (waits) {
      notices.accept(
          "info: QEMU waiting for connection on: disconnected:tcp:"
              + address
              + ":"
              + actualPort()
              + ",server=on");
      TcpAddress.await(firstClient);
    }
  }

  /** The port it listens on; after {@link #open}. */
  public int actualPort() {
    return server == null ? port : server.actualPort();
  }

  @Override
  public void start() {
    lock.lock();
    try {
      started = true;
      serveNext();
    } finally {
      lock.unlock();
    }
  }

  private void connected(NetSocket socket) {
    VertxSocket come = new VertxSocket(socket);
    lock.lock();
    try {
      if (waiting.size() == MAX_WAITING) {
        come.close();
        return;
      }
      come.onClose(() -> forget(come));
      waiting.add(come);
      firstClient.countDown();
      serveNext();
    } finally {
      lock.unlock();
    }
  }

  private void serveNext() {
    if (started && client == null) {
      VertxSocket next = waiting.poll();
      client = next;
      if (next != null) {
        next.serve(frontEnd, () -> left(next));
      }
    }
  }

  private void left(VertxSocket gone) {
    lock.lock();
    try {
      if (client == gone) {
        client = null;
        serveNext();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A client went before its turn, or just when it came. */
  private void forget(VertxSocket gone) {
    lock.lock();
    try {
      waiting.remove(gone);
    } finally {
      lock.unlock();
    }
    left(gone);
  }

  @Override
  public void close() {
    VertxSocket current;
    lock.lock();
    try {
      started = false;
      current = client;
    } finally {
      lock.unlock();
    }
    if (current != null) {
      current.close();
    }
    if (server != null) {
      TcpAddress.awaitQuietly(server.close());
    }
  }
}
