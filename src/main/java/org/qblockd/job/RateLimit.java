// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import org.qblockd.base.Clock;

/**
 * A limit on work per second, accounted in slices of 100 ms: within a slice work may start as long
 * as the slice's share is not used up; what exceeds it lengthens the slice. Any thread; the object
 * is its lock.
 */
public final class RateLimit {
  /** The length of a slice, in nanoseconds. */
  public static final long SLICE_NANOS = 100_000_000;

  private final Clock clock;
  private long share;
  private long sliceStart;
  private long sliceEnd;
  private long used;

  /** No limit yet. */
  public RateLimit(Clock clock) {
    this.clock = clock;
  }

  /** Sets the limit in units per second; 0 for none. It counts from the next {@link #delay}. */
  public synchronized void setSpeed(long perSecond) {
    if (perSecond == 0) {
      share = 0;
      return;
    }
    share = Math.max(1, (long) ((double) perSecond * SLICE_NANOS / 1e9));
  }

  /** Accounts for work; returns for how many nanoseconds nothing more should be started. */
  public synchronized long delay(long work) {
    if (share == 0) {
      return 0;
    }
    long now = clock.monotonicNanos();
    if (sliceEnd - now < 0 || sliceEnd == 0) {
      sliceStart = now;
      sliceEnd = now + SLICE_NANOS;
      used = 0;
    }
    used += work;
    if (used < share) {
      return 0;
    }
    double slices = (double) used / share;
    sliceEnd = sliceStart + (long) Math.min(slices * SLICE_NANOS, Long.MAX_VALUE / 2.0);
    return Math.max(0, sliceEnd - now);
  }
}
