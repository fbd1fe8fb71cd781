// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A monitor whose client listens on TCP and that we connect to, by Vert.x, once. The main thread
 * opens, starts and closes; an event loop does the rest.
 */
public final class TcpClientTransport implements Transport {
  private final FrontEnd frontEnd;
  private final Supplier<Vertx> vertx;
  private final String host;
  private final int port;
  private @Nullable VertxSocket client;

  /** A connection that is not made yet; {@code vertx} is asked when it is. */
  public TcpClientTransport(FrontEnd frontEnd, Supplier<Vertx> vertx, String host, int port) {
    this.frontEnd = frontEnd;
    this.vertx = vertx;
    this.host = host;
    this.port = port;
  }

  @Override
  public void open() throws BlockException {
    String address = TcpAddress.resolve(host, port);
    NetClientOptions options = new NetClientOptions().setTcpNoDelay(true);
    client =
        TcpAddress.await(
            vertx.get().createNetClient(options).connect(port, address).map(VertxSocket::new),
            this::connectFailure);
  }

  private BlockException connectFailure(Throwable cause) {
    Errno errno = TcpAddress.errno(cause, Errno.ECONNREFUSED);
    return BlockException.withErrno(errno, "Failed to connect to '" + host + ":" + port + "'");
  }

  @Override
  public void start() {
    if (client != null) {
      client.serve(frontEnd, () -> {});
    }
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
