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
  private static final int UNLIMITED = 1 << 20;

  private final Listener listener;
  private final Clock clock;
  private final NbdServerLimits limits;
  private final BlockExports exports;
  private final Consumer<String> reports;
  private final Semaphore places;
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  NbdServer(
      Listener listener,
      Clock clock,
      NbdServerLimits limits,
      BlockExports exports,
      Consumer<String> reports) {
    this.listener = listener;
    this.clock = clock;
    this.limits = limits;
    this.exports = exports;
    this.reports = reports;
    this.places = new Semaphore(limits.maxConnections() == 0 ? UNLIMITED : limits.maxConnections());
  }

  /** Begins to accept clients. */
  void start() {
    Thread unused = Thread.ofPlatform().name("nbd-accept").daemon(true).start(this::accept);
  }

  /** Whether one client may have several connections. */
  boolean multiConn() {
    return limits.maxConnections() != 1;
  }

  /** Clients beyond the limit wait in the listen queue. */
  private void accept() {
    while (!closed) {
      places.acquireUninterruptibly();
      try {
        serve(listener.accept());
      } catch (IOException e) {
        places.release();
        if (listener.closed()) {
          return;
        }
      }
    }
  }

  private void serve(SocketChannel client) {
    SocketWire wire = new SocketWire(client);
    ClientConnection connection = new ClientConnection(this, wire, clock, limits.handshakeNanos());
    connections.add(connection);
    Thread unused = Thread.ofPlatform().name("nbd-client").daemon(true).start(connection);
    if (closed) {
      connection.close();
    }
  }

  /** What a handshake may choose from. Any thread. */
  List<OfferedExport> offered() {
    return exports.offered();
  }

  /** A handshake has ended; null when the export has gone meanwhile. */
  @Nullable NbdExport enter(Agreement agreement, ClientConnection connection) {
    return exports.enter(agreement.export(), connection);
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

  /** Stops listening and disconnects all clients; connections end by themselves. */
  void close() {
    closed = true;
    listener.close();
    places.release();
    for (ClientConnection connection : connections) {
      connection.close();
    }
  }
}
