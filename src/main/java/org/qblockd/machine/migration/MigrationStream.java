// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames over a channel: a head with our mark and version, then messages of a type, a length and at
 * most {@link Frame#MAX_PAYLOAD} bytes; the format is in docs/migration-stream.md. One thread
 * reads, any thread writes or closes.
 */
final class MigrationStream implements AutoCloseable {
  private static final byte[] MARK = "qblockd\n".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int HEAD_BYTES = 12;
  private static final int FRAME_HEAD_BYTES = 8;

  private final ByteChannel channel;
  private final boolean answered;
  private long written;
  private volatile boolean closed;

  /**
   * A stream over an open channel.
   *
   * @param answered whether somebody answers; a file does not
   */
  MigrationStream(ByteChannel channel, boolean answered) {
    this.channel = channel;
    this.answered = answered;
  }

  boolean answered() {
    return answered;
  }

  /** Bytes written so far. */
  synchronized long written() {
    return written;
  }

  // ---- head -----------------------------------------------------------------------------------

  void writeHead() throws IOException {
    write(ByteBuffer.allocate(HEAD_BYTES).put(MARK).putInt(VERSION).flip());
  }

  /** The target's answer to the source's head, when somebody reads it. */
  void writeHeadIfAnswered() throws IOException {
    if (answered) {
      writeHead();
    }
  }

  /**
   * Reads the other side's head.
   *
   * @throws StreamException when it is no qblockd, or one of another version
   */
  void readHead() throws IOException, StreamException {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    try {
      readFully(head);
    } catch (EOFException e) {
      throw new StreamException("the peer closed the connection before it said that it is qblockd");
    }
    byte[] mark = new byte[MARK.length];
    ByteBuffer unused = head.flip().get(mark);
    if (!Arrays.equals(mark, MARK)) {
      throw new StreamException("Not a migration stream of qblockd");
    }
    int version = head.getInt();
    if (version != VERSION) {
      throw new StreamException(
          "Unsupported version " + version + " of the migration stream, this side has " + VERSION);
    }
  }

  // ---- frames ---------------------------------------------------------------------------------

  void write(Frame frame) throws IOException {
    ByteBuffer payload = frame.payload();
    ByteBuffer bytes =
        ByteBuffer.allocate(FRAME_HEAD_BYTES + payload.remaining())
            .putInt(frame.type().number())
            .putInt(payload.remaining())
            .put(payload);
    write(bytes.flip());
  }

  void write(FrameType type) throws IOException {
    write(Frame.empty(type));
  }

  private synchronized void write(ByteBuffer bytes) throws IOException {
    written += bytes.remaining();
    while (bytes.hasRemaining()) {
      int unused = channel.write(bytes);
    }
  }

  /** The next frame. */
  Frame read() throws IOException, StreamException {
    ByteBuffer head = ByteBuffer.allocate(FRAME_HEAD_BYTES);
    readFully(head);
    int number = head.flip().getInt();
    int length = head.getInt();
    FrameType type = FrameType.of(number);
    if (type == null || length < 0 || length > Frame.MAX_PAYLOAD) {
      throw new StreamException(
          "Unknown message %d of %d bytes in the migration stream".formatted(number, length));
    }
    ByteBuffer payload = ByteBuffer.allocate(length);
    readFully(payload);
    return new Frame(type, payload.flip());
  }

  /** The next frame, which must be of this type; a refusal is thrown as what it says. */
  Frame read(FrameType wanted) throws IOException, StreamException {
    return expect(read(), wanted);
  }

  static Frame expect(Frame frame, FrameType wanted) throws StreamException {
    if (frame.type() == FrameType.REFUSED) {
      throw new StreamException("the target refuses: " + frame.text());
    }
    if (frame.type() != wanted) {
      throw new StreamException(
          "Unexpected message " + frame.type() + " in the migration stream, not " + wanted);
    }
    return frame;
  }

  /** Tells the source why not; what cannot be told is not important any more. */
  @Nullable IOException refuse(String why) {
    try {
      write(Frame.ofText(FrameType.REFUSED, why));
      return null;
    } catch (IOException gone) {
      return gone;
    }
  }

  private void readFully(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the peer closed the connection");
      }
    }
  }

  /** Whether this side has closed the stream. */
  boolean closed() {
    return closed;
  }

  /** Ends both directions; threads that wait in it are woken. */
  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is closed in any case.
      return;
    }
  }
}
