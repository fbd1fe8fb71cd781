// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.List;
import org.qblockd.qapi.types.SnapshotInfo;

/** A driver whose images can hold internal snapshots. Any thread. */
public interface ListsSnapshots {
  /** The snapshots in the image's order, as {@code ImageInfo} shows them. */
  List<SnapshotInfo> snapshotInfos();

  /** Whether this very image can hold any. */
  default boolean canHoldSnapshots() {
    return true;
  }
}
