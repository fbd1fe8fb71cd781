// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.Arrays;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * A set of host clusters that answers "is one of these in that range" without a lock: a sorted
 * array for what was there at open, a concurrent set for the few that are added later. Lookups from
 * any thread; changes under the metadata lock.
 */
final class ClusterIndex {
  private static final long[] EMPTY = {};

  private volatile long[] sorted = EMPTY;
  private final ConcurrentSkipListSet<Long> added = new ConcurrentSkipListSet<>();

  /** Replaces the content by these offsets (0 = none), masked; the array is not kept. */
  void fill(long[] offsets, long mask) {
    long[] copy = new long[offsets.length];
    int count = 0;
    for (long offset : offsets) {
      if ((offset & mask) != 0) {
        copy[count++] = offset & mask;
      }
    }
    long[] trimmed = Arrays.copyOf(copy, count);
    Arrays.sort(trimmed);
    added.clear();
    sorted = trimmed;
  }

  void add(long offset) {
    added.add(offset);
  }

  void remove(long offset) {
    if (!added.remove(offset)) {
      long[] old = sorted;
      int at = Arrays.binarySearch(old, offset);
      if (at >= 0) {
        long[] next = new long[old.length - 1];
        System.arraycopy(old, 0, next, 0, at);
        System.arraycopy(old, at + 1, next, at, next.length - at);
        sorted = next;
      }
    }
  }

  /**
   * Whether a cluster of this set, {@code clusterSize} bytes long, shares a byte with the range.
   */
  boolean overlaps(long start, long end, int clusterSize) {
    long from = start - clusterSize + 1;
    long[] array = sorted;
    int at = Arrays.binarySearch(array, from);
    int index = at >= 0 ? at : -at - 1;
    if (index < array.length && array[index] < end) {
      return true;
    }
    if (added.isEmpty()) {
      return false;
    }
    Long next = added.ceiling(from);
    return next != null && next < end;
  }
}
