// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

/** The buckets of a group's limits, at a time. Guarded by the lock of the group. */
final class Buckets {
  private final ThrottleConfig config;
  private final LeakyBucket[] buckets;
  private long leakedAt;

  /** Empty buckets. */
  Buckets(ThrottleConfig config, long nowNanos) {
    this.config = config;
    leakedAt = nowNanos;
    buckets = new LeakyBucket[RateKind.values().length];
    for (RateKind kind : RateKind.values()) {
      buckets[kind.ordinal()] = new LeakyBucket(config.rate(kind));
    }
  }

  ThrottleConfig config() {
    return config;
  }

  /** How long a request must wait from now on, in nanoseconds; 0 to go on at once. */
  long waitNanos(Direction direction, long nowNanos) {
    long passed = nowNanos - leakedAt;
    leakedAt = nowNanos;
    if (passed > 0) {
      for (LeakyBucket bucket : buckets) {
        bucket.leak(passed);
      }
    }
    long bytes = Math.max(wait(RateKind.BPS_TOTAL), wait(direction.bytes()));
    long requests = Math.max(wait(RateKind.IOPS_TOTAL), wait(direction.requests()));
    return Math.max(bytes, requests);
  }

  private long wait(RateKind kind) {
    return buckets[kind.ordinal()].waitNanos();
  }

  /** A request is let through. */
  void account(Direction direction, long bytes) {
    double requests = 1;
    long whole = config.requestBytes();
    if (whole > 0 && bytes > whole) {
      requests = (double) bytes / whole;
    }
    buckets[RateKind.BPS_TOTAL.ordinal()].fill(bytes);
    buckets[direction.bytes().ordinal()].fill(bytes);
    buckets[RateKind.IOPS_TOTAL.ordinal()].fill(requests);
    buckets[direction.requests().ordinal()].fill(requests);
  }
}
