// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;

/** A driver that holds requests back, and must let them go while its node is drained. Lane only. */
public interface NoticesDrain {
  /** From now on requests are not held back. */
  void drainBegin();

  /** Undoes {@link #drainBegin}. */
  void drainEnd();

  /** Tells a driver that notices drains of the begin of one, if it {@code begins}. */
  static void begin(@Nullable NodeOps ops, boolean begins) {
    if (begins && ops instanceof NoticesDrain driver) {
      driver.drainBegin();
    }
  }

  /** Tells a driver that notices drains of the end of one. */
  static void end(@Nullable NodeOps ops) {
    if (ops instanceof NoticesDrain driver) {
      driver.drainEnd();
    }
  }
}
