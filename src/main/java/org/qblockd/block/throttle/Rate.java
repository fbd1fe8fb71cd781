// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

/**
 * One limit: so much per second on average, and how much more may come for a while. Immutable; any
 * thread.
 *
 * <p>The numbers are unsigned, as in QEMU.
 *
 * @param average bytes or requests per second; 0 for no limit
 * @param burst bytes or requests per second during a burst; 0 for no bursts
 * @param burstSeconds how long a burst may last
 */
public record Rate(long average, long burst, long burstSeconds) {
  /** No limit. */
  public static final Rate UNLIMITED = new Rate(0, 0, 1);

  /** Whether bursts last longer than a moment, so that their own rate counts. */
  boolean longBurst() {
    return Long.compareUnsigned(burstSeconds, 1) > 0;
  }
}
