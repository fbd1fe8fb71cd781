// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.export.transport.Listener;
import org.qblockd.export.transport.SocketWire;
import org.qblockd.nbd.Agreement;
import org.qblockd.nbd.OfferedExport;

/**
 * The NBD server while it listens. Opened and closed on the control lane; one thread accepts, one
 * per connection serves.
 */
final class NbdServer {
  /** Connections when the user sets no limit: each takes a thread and some memory. */
  private static final int UNLIMITED = 2048;

  private final String name;
  private final Listener listener;
  private final Clock clock;
  private final NbdServerLimits limits;
  private final BlockExports exports;
  private final Consumer<String> reports;
  private final @Nullable TlsPolicy tls;
  private final Semaphore places;
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * A server to come.
   *
   * @param name empty for the one that has none
   * @param tls null for plain connections
   */
  NbdServer(
      String name,
      Listener listener,
      Clock clock,
      NbdServerLimits limits,
      @Nullable TlsPolicy tls,
      BlockExports exports,
      Consumer<String> reports) {
    this.name = name;
    this.listener = listener;
    this.tls = tls;
    this.clock = clock;
    this.limits = limits;
    this.exports = exports;
    this.reports = reports;
    int most = limits.maxConnections();
    this.places = new Semaphore(most == 0 ? UNLIMITED : Math.min(most, UNLIMITED));
  }

  /** Begins to accept clients. */
  void start() {
    for (Listener.Socket socket : listener.sockets()) {
      Thread unused =
          Thread.ofPlatform().name("nbd-accept").daemon(true).start(() -> accept(socket));
    }
  }

  /** The name by which exports mean it, empty for none. Any thread. */
  String name() {
    return name;
  }

  /** Whether one client may have several connections. */
  boolean multiConn() {
    return limits.maxConnections() != 1;
  }

  /** Clients beyond the limit wait for the greeting until another has gone. */
  private void accept(Listener.Socket socket) {
    while (!closed) {
      try {
        SocketChannel client = socket.accept();
        places.acquireUninterruptibly();
        serve(client);
      } catch (IOException e) {
        if (socket.closed()) {
          return;
        }
      }
    }
  }

  private void serve(SocketChannel client) {
    SocketWire wire = new SocketWire(client);
    ClientConnection connection = new ClientConnection(this, wire, clock, limits, tls);
    connections.add(connection);
    Thread unused = Thread.ofPlatform().name("nbd-client").daemon(true).start(connection);
    if (closed) {
      connection.close();
    }
  }

  /** What all connections of all servers share. Any thread. */
  Memory memory() {
    return exports.memory();
  }

  /** What a handshake may choose from. Any thread. */
  List<OfferedExport> offered() {
    return exports.offered(this);
  }

  /** A handshake has ended; null when the export has gone meanwhile. */
  @Nullable NbdExport enter(Agreement agreement, ClientConnection connection) {
    return exports.enter(this, agreement.export(), connection);
  }

  /** A connection has ended. On its thread. */
  void left(ClientConnection connection, @Nullable NbdExport export) {
    connections.remove(connection);
    places.release();
    if (export != null) {
      exports.left(export, connection);
    }
  }

  /** Tells on standard error what a client did wrong. Any thread. */
  void report(String sentence) {
    reports.accept(sentence);
  }

  /**
   * Stops listening and disconnects all clients; connections end by themselves.
   *
   * @param removeSocket whether the name of a unix socket goes, too
   */
  void close(boolean removeSocket) {
    closed = true;
    if (removeSocket) {
      listener.close();
    } else {
      listener.closeSockets();
    }
    places.release(listener.sockets().size());
    for (ClientConnection connection : connections) {
      connection.close();
    }
  }
}
