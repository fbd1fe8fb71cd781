// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.qblockd.base.Pages;
import org.qblockd.sockets.AdoptedSockets;

/** A blocking socket. One thread reads, one at a time writes; any thread closes. */
public final class SocketWire implements ClientWire {
  private final SocketChannel channel;

  /** Held while the bare descriptor is used: it must not become another file's meanwhile. */
  private final ReentrantLock usingDescriptor = new ReentrantLock();

  /** -1 when it is not known. */
  private final int descriptor;

  private boolean closed;

  /** Takes the socket over. */
  public SocketWire(SocketChannel channel) {
    this.channel = channel;
    this.descriptor = AdoptedSockets.descriptor(channel);
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
  public boolean takesPages() {
    return descriptor >= 0;
  }

  @Override
  public void send(Pages pages) throws IOException {
    usingDescriptor.lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      pages.sendTo(descriptor);
    } finally {
      usingDescriptor.unlock();
    }
  }

  @Override
  public void finish() {
    close();
  }

  @Override
  public void close() {
    try {
      // Who waits for the peer in send stops waiting.
      SocketChannel unused = channel.shutdownOutput();
    } catch (IOException e) {
      // Not connected any more: nobody waits.
    }
    usingDescriptor.lock();
    try {
      closed = true;
      channel.close();
    } catch (IOException e) {
      // The descriptor is closed in any case.
      return;
    } finally {
      usingDescriptor.unlock();
    }
  }
}
