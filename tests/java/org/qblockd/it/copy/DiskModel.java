// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What a disk must hold, and what happened to its bytes since a mark. A discarded byte may read as
 * before or as zero until the disk itself has been asked. One test thread.
 */
final class DiskModel {
  private final byte[] bytes;
  private final BitSet touched;
  private final BitSet discarded;
  private final BitSet open;

  DiskModel(int size) {
    bytes = new byte[size];
    touched = new BitSet(size);
    discarded = new BitSet(size);
    open = new BitSet(size);
  }

  int size() {
    return bytes.length;
  }

  /** A copy of the content. */
  byte[] content() {
    return bytes.clone();
  }

  /** From here on, {@link #touched} and {@link #discarded} tell what was done. */
  void mark() {
    touched.clear();
    discarded.clear();
  }

  /** The bytes that were written since the mark; a copy. */
  BitSet touched() {
    return (BitSet) touched.clone();
  }

  /** The bytes that were discarded since the mark; a copy. */
  BitSet discarded() {
    return (BitSet) discarded.clone();
  }

  void fill(int offset, int length, int pattern) {
    Arrays.fill(bytes, offset, offset + length, (byte) pattern);
    touched.set(offset, offset + length);
    open.clear(offset, offset + length);
  }

  void discard(int offset, int length) {
    discarded.set(offset, offset + length);
    open.set(offset, offset + length);
  }

  /** Whether the content of some bytes is open, because they were discarded. */
  boolean isOpen() {
    return !open.isEmpty();
  }

  /** Learns the content of discarded bytes from the disk: each as before, or zero. */
  void learn(byte[] actual) {
    for (int at = open.nextSetBit(0); at >= 0; at = open.nextSetBit(at + 1)) {
      if (actual[at] != 0 && actual[at] != bytes[at]) {
        throw new AssertionError("discarded byte " + at + " became " + actual[at]);
      }
      bytes[at] = actual[at];
    }
    open.clear();
  }

  /** Whether all bytes of a range are known and the same. */
  boolean isUniform(int offset, int length) {
    int firstOpen = open.nextSetBit(offset);
    boolean known = firstOpen < 0 || firstOpen >= offset + length;
    return known
        && Arrays.mismatch(bytes, offset, offset + length - 1, bytes, offset + 1, offset + length)
            < 0;
  }

  int at(int offset) {
    return bytes[offset] & 0xff;
  }
}
