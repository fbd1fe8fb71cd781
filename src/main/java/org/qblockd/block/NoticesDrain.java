// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** A driver that holds requests back, and must let them go while its node is drained. Lane only. */
public interface NoticesDrain {
  /** From now on requests are not held back. */
  void drainBegin();

  /** Undoes {@link #drainBegin}. */
  void drainEnd();
}
