// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that moves when the test says so; timers run on the thread that moves it. */
public final class ManualClock implements Clock {
  private static final long START_MICROS = 1_700_000_000_123_456L;

  private record Pending(long atNanos, Runnable action) {}

  private final List<Pending> timers = new ArrayList<>();
  private long nanos;

  @Override
  public synchronized long realtimeMicros() {
    return START_MICROS + nanos / 1_000;
  }

  @Override
  public synchronized long monotonicNanos() {
    return nanos;
  }

  @Override
  public synchronized Timer schedule(long delayNanos, Runnable action) {
    Pending timer = new Pending(nanos + delayNanos, action);
    timers.add(timer);
    return () -> cancel(timer);
  }

  /** How many timers wait. */
  public synchronized int waiting() {
    return timers.size();
  }

  /** Lets time pass; due timers run in the order of their times. */
  public void advance(long byNanos) {
    long end = monotonicNanos() + byNanos;
    Optional<Pending> due = nextUntil(end);
    while (due.isPresent()) {
      due.get().action().run();
      due = nextUntil(end);
    }
    synchronized (this) {
      nanos = end;
    }
  }

  private synchronized Optional<Pending> nextUntil(long end) {
    Optional<Pending> due =
        timers.stream()
            .filter(timer -> timer.atNanos() <= end)
            .min(Comparator.comparingLong(Pending::atNanos));
    due.ifPresent(timer -> {
      timers.remove(timer);
      nanos = Math.max(nanos, timer.atNanos());
    });
    return due;
  }

  private synchronized void cancel(Pending timer) {
    timers.remove(timer);
  }
}
