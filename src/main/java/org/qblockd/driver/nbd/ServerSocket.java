// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.qblockd.nbd.Wire;
import org.qblockd.tls.TlsCredentials;
import org.qblockd.tls.TlsStream;
import org.qblockd.tls.TlsTransport;

/** The connection to a server, read through a buffer. One thread reads, one at a time writes. */
final class ServerSocket implements Wire, AutoCloseable {
  private static final int INPUT_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES).limit(0);
  private @Nullable TlsStream tls;

  ServerSocket(SocketChannel channel) {
    this.channel = channel;
  }

  /** The socket as TLS needs it. */
  private record Below(ServerSocket socket) implements TlsTransport {
    @Override
    public int read(ByteBuffer into) throws IOException {
      return socket.channel.read(into);
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
      socket.writeBelow(from);
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /**
   * Encrypts from now on, after TLS' own handshake.
   *
   * @param host the name that the server's certificate must be for; null if nobody knows
   */
  void startTls(TlsCredentials credentials, @Nullable String host) throws IOException {
    if (input.hasRemaining()) {
      throw new IOException("data in the open behind the beginning of TLS");
    }
    TlsStream stream = new TlsStream(credentials, new Below(this));
    stream.connect(host);
    tls = stream;
  }

  private int receive(ByteBuffer into) throws IOException {
    TlsStream stream = tls;
    int bytes = stream == null ? channel.read(into) : stream.read(into);
    if (bytes < 0) {
      throw new EOFException();
    }
    return bytes;
  }

  /** The next {@code bytes}, at most 64 KiB; valid until the next call. */
  ByteBuffer next(int bytes) throws IOException {
    if (input.remaining() < bytes) {
      ByteBuffer unused = input.compact();
      while (input.position() < bytes) {
        int more = receive(input);
        assert more >= 0;
      }
      unused = input.flip();
    }
    ByteBuffer view = input.slice(input.position(), bytes);
    ByteBuffer unused = input.position(input.position() + bytes);
    return view;
  }

  @Override
  public void read(ByteBuffer into) throws IOException {
    int there = Math.min(input.remaining(), into.remaining());
    ByteBuffer unused = into.put(input.slice(input.position(), there));
    unused = input.position(input.position() + there);
    while (into.hasRemaining()) {
      int more = receive(into);
      assert more >= 0;
    }
  }

  /** Throws bytes away. */
  void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      int piece = (int) Math.min(left, INPUT_BYTES);
      ByteBuffer unused = next(piece);
      left -= piece;
    }
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    TlsStream stream = tls;
    if (stream == null) {
      writeBelow(from);
    } else {
      stream.write(from);
    }
  }

  private void writeBelow(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      int unused = channel.write(from);
    }
  }

  /** Writes both, one behind the other. */
  void write(ByteBuffer header, ByteBuffer data) throws IOException {
    if (tls != null) {
      write(header);
      write(data);
      return;
    }
    ByteBuffer[] both = {header, data};
    while (header.hasRemaining() || data.hasRemaining()) {
      long unused = channel.write(both);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is closed in any case.
      return;
    }
  }
}
