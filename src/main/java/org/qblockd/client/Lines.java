// SPDX-License-Identifier: Apache-2.0
package org.qblockd.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonStream.Complete;
import org.qblockd.qapi.json.JsonStream.Message;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonWriter;

/** JSON values over a socket, both ways. One thread reads; any thread writes. */
public final class Lines implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final SocketChannel channel;
  private final JsonStream stream = new JsonStream();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private final ReentrantLock writing = new ReentrantLock();

  /** Talks over this socket, which is closed with it. */
  public Lines(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * The next value; null at the end of the input.
   *
   * @throws IOException also when what came is not JSON
   */
  public @Nullable JsonValue read() throws IOException {
    while (true) {
      int end = buffer.limit();
      buffer.position(stream.feed(buffer.array(), buffer.position(), end));
      Message message = stream.take();
      if (message instanceof Complete complete) {
        return complete.value();
      }
      if (message != null) {
        throw new IOException("what came is not JSON: " + message);
      }
      buffer.clear();
      int count = channel.read(buffer);
      buffer.flip();
      if (count < 0) {
        return null;
      }
    }
  }

  /** Sends a value and a line feed. */
  public void write(JsonValue value) throws IOException {
    writeText(JsonWriter.toText(value));
  }

  /** Sends a line as it is. */
  public void writeText(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(UTF_8));
    writing.lock();
    try {
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
