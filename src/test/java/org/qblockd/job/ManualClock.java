// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.Clock;

/** A clock that moves only when a test says so; timers run on the thread that moves it. */
public final class ManualClock implements Clock {
  private record Pending(long at, Runnable action) {}

  private final List<Pending> timers = new ArrayList<>();
  private long now = 1_000_000_000L;

  @Override
  public synchronized long realtimeMicros() {
    return now / 1000;
  }

  @Override
  public synchronized long monotonicNanos() {
    return now;
  }

  @Override
  public synchronized Timer schedule(long delayNanos, Runnable action) {
    Pending pending = new Pending(now + delayNanos, action);
    timers.add(pending);
    return () -> remove(pending);
  }

  private synchronized void remove(Pending pending) {
    timers.remove(pending);
  }

  /** How many timers wait. */
  public synchronized int waiting() {
    return timers.size();
  }

  /** Moves the time and runs what is due. */
  public void advance(long nanos) {
    List<Pending> due = new ArrayList<>();
    synchronized (this) {
      now += nanos;
      for (Pending timer : List.copyOf(timers)) {
        if (timer.at() <= now) {
          timers.remove(timer);
          due.add(timer);
        }
      }
    }
    due.forEach(timer -> timer.action().run());
  }
}
