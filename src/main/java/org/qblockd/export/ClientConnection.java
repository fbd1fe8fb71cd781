// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.export.transport.SocketWire;
import org.qblockd.nbd.Agreement;
import org.qblockd.nbd.NegotiationException;
import org.qblockd.nbd.ServerNegotiation;

/** One client of the NBD server, from the handshake to the end, on a thread of its own. */
final class ClientConnection implements Runnable {
  private final NbdServer server;
  private final SocketWire wire;
  private final Clock clock;
  private final long handshakeNanos;

  /**
   * A connection to come.
   *
   * @param handshakeNanos how long the handshake may take; 0 for any time
   */
  ClientConnection(NbdServer server, SocketWire wire, Clock clock, long handshakeNanos) {
    this.server = server;
    this.wire = wire;
    this.clock = clock;
    this.handshakeNanos = handshakeNanos;
  }

  @Override
  public void run() {
    NbdExport export = null;
    try {
      Agreement agreement = negotiate();
      export = agreement == null ? null : server.enter(agreement, this);
      if (agreement != null && export != null) {
        new Transmission(wire, export, agreement).run();
      }
    } catch (NegotiationException e) {
      server.report("option negotiation failed: " + e.message());
    } catch (IOException gone) {
      // The client has gone, or was disconnected.
    } finally {
      wire.close();
      server.left(this, export);
    }
  }

  private @Nullable Agreement negotiate() throws IOException, NegotiationException {
    Clock.Timer limit = handshakeNanos == 0 ? null : clock.schedule(handshakeNanos, wire::close);
    try {
      return new ServerNegotiation(wire, server::offered).negotiate();
    } finally {
      if (limit != null) {
        limit.cancel();
      }
    }
  }

  /** Disconnects the client. Any thread. */
  void close() {
    wire.close();
  }
}
