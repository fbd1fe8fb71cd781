// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.util.Arrays;
import java.util.BitSet;

/** What a disk must hold, and which of its bytes were written since a mark. One test thread. */
final class DiskModel {
  private final byte[] bytes;
  private final BitSet touched;

  DiskModel(int size) {
    bytes = new byte[size];
    touched = new BitSet(size);
  }

  int size() {
    return bytes.length;
  }

  /** A copy of the content. */
  byte[] content() {
    return bytes.clone();
  }

  /** From here on, {@link #touched} tells what was written. */
  void mark() {
    touched.clear();
  }

  /** The bytes that were written since the mark; a copy. */
  BitSet touched() {
    return (BitSet) touched.clone();
  }

  void fill(int offset, int length, int pattern) {
    Arrays.fill(bytes, offset, offset + length, (byte) pattern);
    touched.set(offset, offset + length);
  }

  /** Whether all bytes of a range are the same. */
  boolean isUniform(int offset, int length) {
    return Arrays.mismatch(bytes, offset, offset + length - 1, bytes, offset + 1, offset + length)
        < 0;
  }

  int at(int offset) {
    return bytes[offset] & 0xff;
  }
}
