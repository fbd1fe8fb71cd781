// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.tls.TlsCredentials;
import org.qblockd.tls.TlsStream;
import org.qblockd.tls.TlsTransport;

/** A connection with TLS. One thread reads, one at a time writes; any thread closes. */
public final class TlsWire implements ClientWire {
  private final TlsStream stream;

  private TlsWire(TlsStream stream) {
    this.stream = stream;
  }

  /**
   * Does TLS' handshake over a connection that nobody else uses from now on.
   *
   * @param authorization which clients may connect; null for all that can be verified
   */
  public static TlsWire accept(
      SocketWire below, TlsCredentials credentials, TlsStream.@Nullable Authorization authorization)
      throws IOException {
    TlsStream stream = new TlsStream(credentials, new Below(below));
    stream.accept(authorization);
    return new TlsWire(stream);
  }

  /** The socket as TLS needs it. */
  private record Below(SocketWire socket) implements TlsTransport {
    @Override
    public int read(ByteBuffer into) throws IOException {
      int before = into.position();
      return socket.readSome(into) ? into.position() - before : -1;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
      socket.write(from);
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  @Override
  public void read(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (stream.read(into) < 0) {
        throw new EOFException();
      }
    }
  }

  @Override
  public boolean readSome(ByteBuffer into) throws IOException {
    return stream.read(into) >= 0;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    stream.write(from);
  }

  @Override
  public void finish() {
    stream.finish();
  }

  @Override
  public void close() {
    stream.close();
  }
}
