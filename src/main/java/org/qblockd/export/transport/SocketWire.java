// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A blocking socket. One thread reads, one at a time writes; any thread closes. */
public final class SocketWire implements ClientWire {
  private final SocketChannel channel;

  /** Takes the socket over. */
  public SocketWire(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public void read(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException();
      }
    }
  }

  @Override
  public boolean readSome(ByteBuffer into) throws IOException {
    return channel.read(into) >= 0;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      int unused = channel.write(from);
    }
  }

  @Override
  public void finish() {
    close();
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
