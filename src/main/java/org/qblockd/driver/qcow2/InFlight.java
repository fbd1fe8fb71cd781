// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Guest clusters that are being given a host cluster: their data are on the way, their L2 entries
 * come after. Whoever else changes these clusters waits. Guarded by the metadata lock.
 */
final class InFlight {
  /**
   * One allocation.
   *
   * @param start the first guest cluster's offset, bytes
   * @param end where the last one ends
   * @param copyStart where the guest bytes begin that are filled: the clusters, or what needs it
   *     when subclusters are allocated by themselves
   * @param copyEnd where they end
   */
  record Allocation(
      long start,
      long end,
      long hostOffset,
      boolean ownClusters,
      boolean blank,
      long copyStart,
      long copyEnd) {
    /** An allocation that is filled as a whole. */
    Allocation(long start, long end, long hostOffset, boolean ownClusters, boolean blank) {
      this(start, end, hostOffset, ownClusters, blank, start, end);
    }

    /** Where a guest byte of the allocation lies in the file. */
    long host(long guest) {
      return hostOffset + guest - start;
    }
  }

  private final List<Allocation> allocations = new ArrayList<>();
  private final Condition ended;
  private long endings;

  InFlight(ReentrantLock lock) {
    this.ended = lock.newCondition();
  }

  void add(Allocation allocation) {
    allocations.add(allocation);
  }

  void remove(Allocation allocation) {
    allocations.remove(allocation);
    endings++;
    ended.signalAll();
  }

  /** The first (in guest order) that overlaps the range, or null. */
  @Nullable Allocation overlapping(long start, long end) {
    Allocation first = null;
    for (Allocation other : allocations) {
      boolean overlaps = other.start < end && start < other.end;
      if (overlaps && (first == null || other.start < first.start)) {
        first = other;
      }
    }
    return first;
  }

  /** Waits until some allocation ends; the metadata lock is released meanwhile. */
  void awaitEnd() {
    long seen = endings;
    while (endings == seen) {
      ended.awaitUninterruptibly();
    }
  }
}
