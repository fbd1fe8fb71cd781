// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's clock. Its timer thread starts with the first timer. Any thread. */
public final class SystemClock implements Clock {
  /** The only one. */
  public static final SystemClock INSTANCE = new SystemClock();

  private static final class Timers {
    static final ScheduledThreadPoolExecutor THREAD = create();

    private static ScheduledThreadPoolExecutor create() {
      ScheduledThreadPoolExecutor executor =
          new ScheduledThreadPoolExecutor(
              1, action -> Thread.ofPlatform().name("timers").daemon(true).unstarted(action));
      executor.setRemoveOnCancelPolicy(true);
      return executor;
    }
  }

  private SystemClock() {}

  @Override
  public long realtimeMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  @Override
  public long monotonicNanos() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable action) {
    ScheduledFuture<?> scheduled = Timers.THREAD.schedule(action, delayNanos, TimeUnit.NANOSECONDS);
    return () -> {
      boolean unused = scheduled.cancel(false);
    };
  }
}
