// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;

/**
 * Counters of a backend's requests, as query-blockstats shows them. Times are of the clock that it
 * was made with. Any thread.
 */
public final class Accounting {
  /** The kinds of requests that are counted apart. */
  public enum Kind {
    READ,
    WRITE,
    FLUSH,
    UNMAP,
    ZONE_APPEND
  }

  /**
   * The counters of one kind; all values since the backend was made.
   *
   * @param bytes of completed requests
   * @param operations completed requests
   * @param nanos spent on completed and, where they count, failed requests
   * @param merged requests merged into others
   * @param failed requests that failed
   * @param invalid requests refused before they were started
   * @param histogram how long requests took, or null when nobody asked
   */
  public record Counters(
      long bytes,
      long operations,
      long nanos,
      long merged,
      long failed,
      long invalid,
      @Nullable LatencyHistogram histogram) {
    /** What a kind without requests shows. */
    public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, null);
  }

  /** Latencies in nanoseconds within an interval. */
  public record Latency(long min, long max, long average, double queueDepth) {}

  /** What of one kind is counted. */
  private static final class Tally {
    private long bytes;
    private long operations;
    private long nanos;
    private long failed;
    private long invalid;
    private @Nullable LatencyHistogram histogram;
  }

  /** Averages over one interval. */
  private static final class Interval {
    private final int seconds;
    private final TimedAverage[] latencies = new TimedAverage[Kind.values().length];

    Interval(int seconds, long now) {
      this.seconds = seconds;
      for (int i = 0; i < latencies.length; i++) {
        latencies[i] = new TimedAverage(Integer.toUnsignedLong(seconds) * NANOS_PER_SECOND, now);
      }
    }
  }

  /** What a request takes when it is not measured: on the clock of tests, which stands still. */
  public static final long TEST_LATENCY_NANOS = 1_000_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Clock clock;
  private final boolean measured;

  /** Guards everything below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Tally[] tallies = new Tally[Kind.values().length];
  private final List<Interval> intervals = new ArrayList<>(0);
  private boolean countsInvalid = true;
  private boolean countsFailed = true;
  private long lastAccessNanos;
  private boolean accessed;

  /**
   * All counters at zero.
   *
   * @param measured whether requests take as long as the clock says; otherwise {@link
   *     #TEST_LATENCY_NANOS}
   */
  public Accounting(Clock clock, boolean measured) {
    this.clock = clock;
    this.measured = measured;
    for (int i = 0; i < tallies.length; i++) {
      tallies[i] = new Tally();
    }
  }

  // ---- settings -------------------------------------------------------------------------------

  /**
   * What is an access.
   *
   * @param invalid whether refused requests are
   * @param failed whether failed requests are, and count in times
   */
  public void configure(boolean invalid, boolean failed) {
    countsInvalid = invalid;
    countsFailed = failed;
  }

  /** Whether refused requests are accesses. */
  public boolean countsInvalid() {
    return countsInvalid;
  }

  /** Whether failed requests are accesses. */
  public boolean countsFailed() {
    return countsFailed;
  }

  /** Keeps latencies of this interval from now on; unsigned. */
  public void addInterval(int seconds) {
    lock.lock();
    try {
      intervals.add(new Interval(seconds, clock.monotonicNanos()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins to count how long requests of a kind take.
   *
   * @param boundaries in nanoseconds; null for no histogram
   * @return false when the boundaries do not rise
   */
  public boolean setHistogram(Kind kind, long @Nullable [] boundaries) {
    LatencyHistogram histogram = boundaries == null ? null : LatencyHistogram.of(boundaries);
    if (boundaries != null && histogram == null) {
      return false;
    }
    lock.lock();
    try {
      tallies[kind.ordinal()].histogram = histogram;
    } finally {
      lock.unlock();
    }
    return true;
  }

  // ---- requests -------------------------------------------------------------------------------

  /** The time at which a request starts. */
  public long start() {
    return clock.monotonicNanos();
  }

  /** A request that was {@linkplain #start started} then has completed. */
  public void done(Kind kind, long bytes, long startNanos) {
    ended(kind, bytes, startNanos, false);
  }

  /** A request has failed. */
  public void failed(Kind kind, long startNanos) {
    ended(kind, 0, startNanos, true);
  }

  private void ended(Kind kind, long bytes, long startNanos, boolean failed) {
    long now = clock.monotonicNanos();
    long nanos = measured ? now - startNanos : TEST_LATENCY_NANOS;
    lock.lock();
    try {
      Tally tally = tallies[kind.ordinal()];
      if (failed) {
        tally.failed++;
      } else {
        tally.bytes += bytes;
        tally.operations++;
      }
      LatencyHistogram histogram = tally.histogram;
      if (histogram != null) {
        histogram.add(nanos);
      }
      if (!failed || countsFailed) {
        tally.nanos += nanos;
        touched(now);
        for (Interval interval : intervals) {
          interval.latencies[kind.ordinal()].add(nanos, now);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A request was refused. */
  public void invalid(Kind kind) {
    long now = clock.monotonicNanos();
    lock.lock();
    try {
      tallies[kind.ordinal()].invalid++;
      if (countsInvalid) {
        touched(now);
      }
    } finally {
      lock.unlock();
    }
  }

  private void touched(long now) {
    lastAccessNanos = now;
    accessed = true;
  }

  // ---- queries --------------------------------------------------------------------------------

  /** The counters of this kind. */
  public Counters of(Kind kind) {
    lock.lock();
    try {
      Tally tally = tallies[kind.ordinal()];
      LatencyHistogram histogram = tally.histogram;
      return new Counters(
          tally.bytes,
          tally.operations,
          tally.nanos,
          0,
          tally.failed,
          tally.invalid,
          histogram == null ? null : histogram.copy());
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds since the last access, or -1 when there was none. */
  public long idleNanos() {
    lock.lock();
    try {
      return accessed ? clock.monotonicNanos() - lastAccessNanos : -1;
    } finally {
      lock.unlock();
    }
  }

  /** The lengths of the intervals in seconds, unsigned, in the order in which they were added. */
  public int[] intervals() {
    lock.lock();
    try {
      int[] seconds = new int[intervals.size()];
      for (int i = 0; i < seconds.length; i++) {
        seconds[i] = intervals.get(i).seconds;
      }
      return seconds;
    } finally {
      lock.unlock();
    }
  }

  /** Latencies of requests of this kind in the interval with this index. */
  public Latency latency(int interval, Kind kind) {
    long now = clock.monotonicNanos();
    lock.lock();
    try {
      TimedAverage latency = intervals.get(interval).latencies[kind.ordinal()];
      return new Latency(
          latency.min(now), latency.max(now), latency.average(now), latency.rate(now));
    } finally {
      lock.unlock();
    }
  }
}
