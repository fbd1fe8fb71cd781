// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/**
 * An L2 entry: the descriptor of a cluster, and, where entries are extended, the state of its 32
 * subclusters. Source: qcow2 specification, "Extended L2 Entries".
 *
 * @param bitmap bits 0 to 31: allocated, 32 to 63: reads as zeroes; 0 where entries are not
 *     extended
 */
record L2Entry(long value, long bitmap) {
  static final int SUBCLUSTERS = 32;

  /** All subclusters read as zeroes. */
  static final long ALL_ZEROES = 0xffffffffL << SUBCLUSTERS;

  /** Nothing is stored. */
  static final L2Entry NONE = new L2Entry(0, 0);

  /** The bits "allocated" of the subclusters from {@code from} up to before {@code to}. */
  static long allocatedBits(int from, int to) {
    return (1L << to) - (1L << from);
  }

  /** The bits "reads as zeroes" of the subclusters from {@code from} up to before {@code to}. */
  static long zeroBits(int from, int to) {
    return allocatedBits(from, to) << SUBCLUSTERS;
  }

  /** The bits of the subclusters that are allocated, bit 0 for the first. */
  int allocated() {
    return (int) bitmap;
  }

  boolean allocated(int subcluster) {
    return (bitmap >>> subcluster & 1) != 0;
  }

  boolean zero(int subcluster) {
    return (bitmap >>> SUBCLUSTERS + subcluster & 1) != 0;
  }
}
