// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One message of the stream. Immutable but for the position of its payload. */
record Frame(FrameType type, ByteBuffer payload) {
  /** The largest payload, in bytes: what a peer can make the other side keep. */
  static final int MAX_PAYLOAD = 1 << 20;

  /** The longest text in a payload, in bytes. */
  static final int MAX_TEXT = 4096;

  static Frame empty(FrameType type) {
    return new Frame(type, ByteBuffer.allocate(0));
  }

  static Frame ofText(FrameType type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int kept = Math.min(bytes.length, MAX_TEXT);
    ByteBuffer payload = ByteBuffer.allocate(2 + kept).putShort((short) kept).put(bytes, 0, kept);
    return new Frame(type, payload.flip());
  }

  /** Adds a text of at most {@link #MAX_TEXT} bytes, behind its length. */
  static void putText(ByteBuffer to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer unused = to.putShort((short) bytes.length).put(bytes);
  }

  String text() throws StreamException {
    int length = remaining(2).getShort() & 0xFFFF;
    if (length > MAX_TEXT) {
      throw new StreamException("a text of " + length + " bytes in the stream is too long");
    }
    byte[] bytes = new byte[length];
    ByteBuffer unused = remaining(length).get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  int number() throws StreamException {
    return remaining(4).getInt();
  }

  long longNumber() throws StreamException {
    return remaining(8).getLong();
  }

  private ByteBuffer remaining(int bytes) throws StreamException {
    if (payload.remaining() < bytes) {
      throw new StreamException("a message of the stream (" + type + ") is too short");
    }
    return payload;
  }
}
