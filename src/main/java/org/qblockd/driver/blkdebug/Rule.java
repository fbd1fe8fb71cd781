// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkdebug;

import java.util.EnumSet;
import java.util.Set;
import org.qblockd.qapi.types.BlkdebugEvent;
import org.qblockd.qapi.types.BlkdebugIOType;

/** What happens when an event is raised. Immutable; compared by identity in lists. */
sealed interface Rule {
  /** A sector number that means all. */
  long ANY_SECTOR = -1;

  /** What an error hits when nothing is said: everything that moves or frees data. */
  Set<BlkdebugIOType> USUAL_TYPES =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(BlkdebugIOType.BLOCK_STATUS)));

  /** The event that brings the rule into play. */
  BlkdebugEvent event();

  /** The state in which the rule counts, 0 for every state. */
  long state();

  /**
   * Lets requests fail until another such rule comes into play.
   *
   * @param errno a positive number, 0 for no error after all
   * @param sector that a request must touch, or {@link #ANY_SECTOR}
   * @param once whether the rule is gone after its first error
   */
  record InjectError(
      BlkdebugEvent event,
      long state,
      Set<BlkdebugIOType> types,
      int errno,
      long sector,
      boolean once)
      implements Rule {
    private static final int SECTOR_BYTES = 512;

    boolean hits(BlkdebugIOType type, long offset, long bytes) {
      long at = sector * SECTOR_BYTES;
      boolean place = sector == ANY_SECTOR || (bytes > 0 && at >= offset && at - offset < bytes);
      return place && types.contains(type);
    }
  }

  /** Moves the state machine. */
  record SetState(BlkdebugEvent event, long state, long newState) implements Rule {}

  /** Stops the request that raises the event; gone after that. */
  record Suspend(BlkdebugEvent event, String tag) implements Rule {
    @Override
    public long state() {
      return 0;
    }
  }
}
