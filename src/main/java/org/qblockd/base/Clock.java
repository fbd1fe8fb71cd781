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

  /** An action that waits for its time. */
  interface Timer {
    /** The action will not run, unless it is running already. */
    void cancel();
  }
}
