// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A blocking client of a real socket. */
final class QmpClient implements AutoCloseable {
  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).flip();

  private QmpClient(SocketChannel channel) {
    this.channel = channel;
  }

  static QmpClient connect(SocketAddress address) throws IOException {
    return new QmpClient(SocketChannel.open(address));
  }

  static QmpClient of(SocketChannel channel) {
    return new QmpClient(channel);
  }

  void send(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      int unused = channel.write(bytes);
    }
  }

  /** The next line; empty at the end of the stream. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int last = read();
    while (last >= 0 && last != '\n') {
      if (last != '\r') {
        line.append((char) last);
      }
      last = read();
    }
    return line.toString();
  }

  private int read() throws IOException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      int count = channel.read(buffer);
      buffer.flip();
      if (count < 0) {
        return -1;
      }
    }
    return buffer.get();
  }

  void shutdownOutput() throws IOException {
    SocketChannel unused = channel.shutdownOutput();
  }

  /** Hangs up. */
  void leave() throws IOException {
    channel.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
