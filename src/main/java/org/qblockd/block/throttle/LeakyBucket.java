// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

/**
 * What has been let through lately of one kind: each request fills it, time empties it, and when it
 * is too full the next request waits. Guarded by the lock of its group.
 */
final class LeakyBucket {
  private static final double SECOND = 1e9;

  /** Without bursts, and during one, this part of a second may come at once. */
  private static final double SLACK = 10;

  private final Rate rate;
  private double level;
  private double burstLevel;

  LeakyBucket(Rate rate) {
    this.rate = rate;
  }

  /** Time passes. */
  void leak(long nanos) {
    level = Math.max(level - rate.average() * (nanos / SECOND), 0);
    if (rate.longBurst()) {
      burstLevel = Math.max(burstLevel - rate.burst() * (nanos / SECOND), 0);
    }
  }

  /** So many bytes or requests are let through. */
  void fill(double units) {
    level += units;
    if (rate.longBurst()) {
      burstLevel += units;
    }
  }

  /** How long the next request must wait, in nanoseconds. */
  long waitNanos() {
    if (rate.average() == 0) {
      return 0;
    }
    boolean bursts = rate.burst() != 0;
    double size = bursts ? (double) rate.burst() * rate.burstSeconds() : rate.average() / SLACK;
    if (level > size) {
      return nanos(level - size, rate.average());
    }
    double burstSize = rate.burst() / SLACK;
    if (rate.longBurst() && burstLevel > burstSize) {
      return nanos(burstLevel - burstSize, rate.burst());
    }
    return 0;
  }

  private static long nanos(double extra, long perSecond) {
    return (long) (extra * SECOND / perSecond);
  }
}
