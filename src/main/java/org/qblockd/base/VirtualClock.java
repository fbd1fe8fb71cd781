// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The clock of a machine under test: it begins at zero, stands still, and moves only by {@link
 * #advanceTo}, which stops at every timer on its way. As in QEMU it moves only while it is enabled
 * and as long as a timer waits; a machine with an interval timer of its own always has one.
 *
 * <p>Any thread; {@link #advanceTo} is for one thread at a time.
 */
public final class VirtualClock implements Clock {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** The interval timer of a PC: its output turns after half of 65536 cycles. */
  private static final long BEAT_CYCLES = 32_768;

  private static final long CYCLES_PER_SECOND = 1_193_182;

  private static final class Entry implements Timer {
    private final VirtualClock clock;
    private final long deadline;
    private final long number;
    private final Runnable action;

    Entry(VirtualClock clock, long deadline, long number, Runnable action) {
      this.clock = clock;
      this.deadline = deadline;
      this.number = number;
      this.action = action;
    }

    @Override
    public void cancel() {
      clock.remove(this);
    }
  }

  /** Guards the timers and, for writing, the time. */
  private final ReentrantLock lock = new ReentrantLock();

  private final PriorityQueue<Entry> timers =
      new PriorityQueue<>(
          Comparator.<Entry>comparingLong(entry -> entry.deadline)
              .thenComparingLong(entry -> entry.number));
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger holds = new AtomicInteger();
  private final AtomicInteger works = new AtomicInteger();
  private final boolean beats;
  private final Runnable released;
  private volatile long now;
  private volatile boolean enabled;

  /**
   * A clock at zero.
   *
   * @param beats whether the machine has an interval timer, as every PC has
   * @param released called when the last hold was released
   */
  public VirtualClock(boolean beats, Runnable released) {
    this.beats = beats;
    this.released = released;
  }

  @Override
  public long realtimeMicros() {
    return SystemClock.INSTANCE.realtimeMicros();
  }

  @Override
  public long monotonicNanos() {
    return now;
  }

  /** Timers that are due at once need no step: they run beside the caller. */
  @Override
  public Timer schedule(long delayNanos, Runnable action) {
    if (delayNanos <= 0) {
      return SystemClock.INSTANCE.schedule(0, action);
    }
    lock.lock();
    try {
      Entry entry = new Entry(this, now + delayNanos, numbers.getAndIncrement(), action);
      timers.add(entry);
      return entry;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Hold hold() {
    holds.incrementAndGet();
    return () -> {
      if (holds.decrementAndGet() == 0) {
        released.run();
      }
    };
  }

  /** Whether work that belongs to this moment still goes on. */
  public boolean isHeld() {
    return holds.get() > 0;
  }

  /**
   * Work that has just begun and will soon end, if nothing stops it: before the clock is moved,
   * whoever moves it gives that some time. Release it when the work has ended or waits.
   */
  public Hold work() {
    works.incrementAndGet();
    return () -> {
      if (works.decrementAndGet() == 0) {
        released.run();
      }
    };
  }

  /** Whether there is {@link #work}. */
  public boolean atWork() {
    return works.get() > 0;
  }

  /** Lets the clock be moved, as while the machine runs, or not. It begins disabled. */
  public void setEnabled(boolean newEnabled) {
    enabled = newEnabled;
  }

  /** Nanoseconds until the next timer; -1 when none waits or the clock is disabled. */
  public long untilNextTimer() {
    lock.lock();
    try {
      Entry next = timers.peek();
      if (!enabled || next == null && !beats) {
        return -1;
      }
      long deadline = next == null ? Long.MAX_VALUE : next.deadline;
      return (beats ? Math.min(deadline, nextBeat()) : deadline) - now;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves to this time, running timers at their own times, as far as timers reach.
   *
   * @param settle waits until {@link #isHeld} is false
   * @return the time reached
   */
  public long advanceTo(long destinationNanos, Runnable settle) {
    long wait = untilNextTimer();
    while (wait >= 0 && now < destinationNanos) {
      moveTo(now + Math.min(destinationNanos - now, beats ? longest(wait) : wait));
      Entry due = takeDue();
      while (due != null) {
        due.action.run();
        settle.run();
        due = takeDue();
      }
      wait = untilNextTimer();
    }
    return now;
  }

  /** As {@link #advanceTo}, but goes on where no timer waits; nothing while it is disabled. */
  public long moveAllTheWay(long destinationNanos, Runnable settle) {
    long reached = advanceTo(destinationNanos, settle);
    if (enabled && reached < destinationNanos) {
      moveTo(destinationNanos);
    }
    return now;
  }

  /** The interval timer does nothing here, so there is no need to stop at it. */
  private long longest(long wait) {
    lock.lock();
    try {
      Entry next = timers.peek();
      return next == null ? Long.MAX_VALUE : Math.max(wait, next.deadline - now);
    } finally {
      lock.unlock();
    }
  }

  private long nextBeat() {
    long beat = now / NANOS_PER_SECOND * CYCLES_PER_SECOND / BEAT_CYCLES;
    while (timeOfBeat(beat) <= now) {
      beat++;
    }
    return timeOfBeat(beat);
  }

  /** In whole seconds and a rest, so that nothing overflows. */
  private static long timeOfBeat(long beat) {
    long cycles = beat * BEAT_CYCLES;
    return cycles / CYCLES_PER_SECOND * NANOS_PER_SECOND
        + cycles % CYCLES_PER_SECOND * NANOS_PER_SECOND / CYCLES_PER_SECOND;
  }

  private void moveTo(long time) {
    lock.lock();
    try {
      now = time;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Entry takeDue() {
    lock.lock();
    try {
      Entry next = timers.peek();
      return next != null && next.deadline <= now ? timers.poll() : null;
    } finally {
      lock.unlock();
    }
  }

  private void remove(Entry entry) {
    lock.lock();
    try {
      timers.remove(entry);
    } finally {
      lock.unlock();
    }
  }
}
