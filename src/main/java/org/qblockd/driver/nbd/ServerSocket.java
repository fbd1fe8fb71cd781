// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.qblockd.nbd.Wire;

/** The socket to a server, read through a buffer. One thread reads, one at a time writes. */
final class ServerSocket implements Wire, AutoCloseable {
  private static final int INPUT_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES).limit(0);

  ServerSocket(SocketChannel channel) {
    this.channel = channel;
  }

  /** The next {@code bytes}, at most 64 KiB; valid until the next call. */
  ByteBuffer next(int bytes) throws IOException {
    if (input.remaining() < bytes) {
      ByteBuffer unused = input.compact();
      while (input.position() < bytes) {
        if (channel.read(input) < 0) {
          throw new EOFException();
        }
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
      if (channel.read(into) < 0) {
        throw new EOFException();
      }
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
    while (from.hasRemaining()) {
      int unused = channel.write(from);
    }
  }

  /** Writes both, one behind the other. */
  void write(ByteBuffer header, ByteBuffer data) throws IOException {
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
