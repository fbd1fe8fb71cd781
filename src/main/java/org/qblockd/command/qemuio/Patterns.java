// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Filling buffers with what is to be written, and comparing what was read. Heap buffers only. */
@SuppressWarnings("ByteBufferBackingArray") // the buffers are allocated here, on the heap
final class Patterns {
  private Patterns() {}

  /** Fills the whole buffer with {@code source} repeated, beginning {@code skip} bytes into it. */
  static void fill(ByteBuffer buffer, byte[] source, long skip) {
    byte[] bytes = buffer.array();
    if (source.length == 1) {
      Arrays.fill(bytes, 0, buffer.limit(), source[0]);
      return;
    }
    for (int i = 0; i < buffer.limit(); i++) {
      bytes[i] = source[(int) ((skip + i) % source.length)];
    }
  }

  /** Whether every byte from {@code from} to {@code to} is {@code pattern}. */
  static boolean only(ByteBuffer buffer, int from, int to, byte pattern) {
    byte[] bytes = buffer.array();
    for (int i = from; i < to; i++) {
      if (bytes[i] != pattern) {
        return false;
      }
    }
    return true;
  }
}
