// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

/**
 * The time and timers, so that nothing else asks the system for them and tests can move time by
 * hand. Any thread.
 */
public interface Clock {
  /** Microseconds since 1970 in UTC; jumps when the system's time is set. */
  long realtimeMicros();

  /** Nanoseconds since some point in the past; never goes back. */
  long monotonicNanos();

  /**
   * Runs an action once, {@code delayNanos} from now, on a thread of the clock. The action is short
   * and does not block.
   */
  Timer schedule(long delayNanos, Runnable action);

  /**
   * Says that a timer's action has handed work to another thread, which belongs to the time at
   * which the timer fired: a clock that is moved by hand goes on only when every hold has been
   * released. To be called in the action itself. Release it when the work has ended, or waits for a
   * timer again; never keep it over something that only a command or a later timer can end.
   */
  default Hold hold() {
    return () -> {};
  }

  /** Work that belongs to a moment of the clock. */
  interface Hold {
    /** The work has ended; called once. */
    void release();
  }

  /** An action that waits for its time. */
  interface Timer {
    /** The action will not run, unless it is running already. */
    void cancel();
  }
}
