// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.export.transport.ClientWire;
import org.qblockd.export.transport.SocketWire;
import org.qblockd.export.transport.TlsWire;
import org.qblockd.nbd.Agreement;
import org.qblockd.nbd.NegotiationException;
import org.qblockd.nbd.ServerNegotiation;
import org.qblockd.nbd.StartTls;
import org.qblockd.nbd.Wire;

/** One client of an NBD server, from the handshake to the end, on a thread of its own. */
final class ClientConnection implements Runnable {
  private final NbdServer server;
  private final SocketWire socket;
  private final Clock clock;
  private final NbdServerLimits limits;
  private final @Nullable TlsPolicy tls;
  private ClientWire wire;
  private volatile boolean closed;

  /** A connection to come. */
  ClientConnection(
      NbdServer server,
      SocketWire socket,
      Clock clock,
      NbdServerLimits limits,
      @Nullable TlsPolicy tls) {
    this.server = server;
    this.socket = socket;
    this.wire = socket;
    this.clock = clock;
    this.limits = limits;
    this.tls = tls;
  }

  @Override
  public void run() {
    NbdExport export = null;
    try {
      Agreement agreement = negotiate();
      export = agreement == null ? null : server.enter(agreement, this);
      if (agreement != null && export != null) {
        new Transmission(wire, export, agreement, server.memory()).run();
      }
      wire.finish();
    } catch (NegotiationException e) {
      if (!closed) {
        server.report("option negotiation failed: " + e.message());
      }
    } catch (IOException gone) {
      // The client has gone, or was disconnected.
    } finally {
      wire.close();
      server.left(this, export);
    }
  }

  private @Nullable Agreement negotiate() throws IOException, NegotiationException {
    long nanos = limits.handshakeNanos();
    Clock.Timer limit = nanos == 0 ? null : clock.schedule(nanos, socket::close);
    try {
      StartTls start = tls == null ? null : () -> secure(tls);
      return new ServerNegotiation(socket, server::offered, start).negotiate();
    } finally {
      if (limit != null) {
        limit.cancel();
      }
    }
  }

  private Wire secure(TlsPolicy policy) throws IOException {
    TlsWire secured = TlsWire.accept(socket, policy.credentials(), policy.authorization());
    wire = secured;
    return secured;
  }

  /** Disconnects the client. Any thread. */
  void close() {
    closed = true;
    socket.close();
  }
}
