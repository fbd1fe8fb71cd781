// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** Reads what a client sends in a handshake. Only the connection's thread. */
final class OptionReader {
  private static final int PIECE = 4096;

  private final Wire wire;

  OptionReader(Wire wire) {
    this.wire = wire;
  }

  /** The next bytes. */
  ByteBuffer read(int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    wire.read(buffer);
    return buffer.flip();
  }

  /** The next bytes of an option; a sentence when they do not come. */
  ByteBuffer needed(int bytes) throws NegotiationException {
    try {
      return read(bytes);
    } catch (IOException e) {
      throw new NegotiationException(sentence(e));
    }
  }

  /** The same, with the name of what they are. */
  ByteBuffer named(String what, int bytes) throws NegotiationException {
    try {
      return read(bytes);
    } catch (IOException e) {
      throw new NegotiationException("Failed to read " + what + ": " + sentence(e));
    }
  }

  /** Throws bytes away. */
  void skip(long bytes) throws NegotiationException {
    for (long left = bytes; left > 0; left -= Math.min(left, PIECE)) {
      ByteBuffer unused = needed((int) Math.min(left, PIECE));
    }
  }

  /** What QEMU says of a talk that ended early. */
  static String sentence(IOException problem) {
    return problem instanceof EOFException || problem instanceof ClosedChannelException
        ? "Unexpected end-of-file before all data were read"
        : String.valueOf(problem.getMessage());
  }
}
