// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.concurrent.atomic.LongAdder;

/** Counters of a backend's requests, as query-blockstats shows them. Any thread. */
public final class Accounting {
  /** The kinds of requests that are counted apart. */
  public enum Kind {
    READ,
    WRITE,
    FLUSH,
    UNMAP,
    ZONE_APPEND
  }

  /** The counters of one kind; all values since the backend was made. */
  public static final class Counters {
    private final LongAdder bytes = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder merged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder invalid = new LongAdder();

    /** Bytes of completed requests. */
    public long bytes() {
      return bytes.sum();
    }

    /** Completed requests. */
    public long operations() {
      return operations.sum();
    }

    /** Nanoseconds spent on completed and failed requests. */
    public long nanos() {
      return nanos.sum();
    }

    /** Requests merged into others. */
    public long merged() {
      return merged.sum();
    }

    /** Requests that failed. */
    public long failed() {
      return failed.sum();
    }

    /** Requests refused before they were started. */
    public long invalid() {
      return invalid.sum();
    }
  }

  private final Counters[] counters = new Counters[Kind.values().length];
  private volatile long lastAccessNanos;
  private volatile boolean accessed;

  /** All counters at zero. */
  public Accounting() {
    for (int i = 0; i < counters.length; i++) {
      counters[i] = new Counters();
    }
  }

  /** The counters of this kind. */
  public Counters of(Kind kind) {
    return counters[kind.ordinal()];
  }

  /** A request has completed. Times are of the server's monotonic clock. */
  public void done(Kind kind, long bytes, long startNanos, long endNanos) {
    Counters counter = of(kind);
    counter.bytes.add(bytes);
    counter.operations.increment();
    counter.nanos.add(endNanos - startNanos);
    touched(endNanos);
  }

  /** A request has failed. */
  public void failed(Kind kind, long startNanos, long endNanos) {
    Counters counter = of(kind);
    counter.failed.increment();
    counter.nanos.add(endNanos - startNanos);
    touched(endNanos);
  }

  /** A request was refused. */
  public void invalid(Kind kind, long nowNanos) {
    of(kind).invalid.increment();
    touched(nowNanos);
  }

  /** Whether there was any request. */
  public boolean accessed() {
    return accessed;
  }

  /** When the last request ended, by the server's monotonic clock. */
  public long lastAccessNanos() {
    return lastAccessNanos;
  }

  private void touched(long nanos) {
    lastAccessNanos = nanos;
    accessed = true;
  }
}
