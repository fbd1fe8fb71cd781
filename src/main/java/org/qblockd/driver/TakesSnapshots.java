// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.qblockd.base.BlockException;
import org.qblockd.qapi.types.SnapshotInfo;

/**
 * A driver that can take internal snapshots and delete them. Control lane, while the node is
 * drained.
 */
public interface TakesSnapshots extends ListsSnapshots {
  /**
   * Takes a snapshot of the disk, without a machine's state.
   *
   * @param realtimeMicros the date, microseconds since 1970
   * @param vmClockNanos the guest's clock
   */
  void createSnapshot(String name, long realtimeMicros, long vmClockNanos) throws BlockException;

  /** Deletes a snapshot that {@link #snapshotInfos} lists. */
  void deleteSnapshot(SnapshotInfo snapshot) throws BlockException;
}
