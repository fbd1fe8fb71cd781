// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.snapshot;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.driver.ListsSnapshots;
import org.qblockd.driver.TakesSnapshots;
import org.qblockd.qapi.types.SnapshotInfo;

/** Finds the image below a node that holds snapshots. Control lane. */
final class InternalSnapshots {
  private InternalSnapshots() {}

  /** The node, or that below filters and raw images, whose driver takes snapshots; or null. */
  static @Nullable BlockNode holder(BlockNode top) {
    BlockNode node = top;
    while (node.capability(ListsSnapshots.class) == null) {
      Child primary = onlyData(node);
      if (primary == null) {
        return null;
      }
      node = primary.node();
    }
    return node;
  }

  /** The primary child, if no other child holds a part of the disk. */
  private static @Nullable Child onlyData(BlockNode node) {
    Child primary = node.primary();
    int data = ChildRole.DATA | ChildRole.METADATA | ChildRole.FILTERED;
    for (Child child : node.children()) {
      if (child != primary && (child.role() & data) != 0) {
        return null;
      }
    }
    return primary;
  }

  /** The first snapshot with this identifier and name, null for any; or null. */
  static @Nullable SnapshotInfo find(BlockNode node, @Nullable String id, @Nullable String name)
      throws BlockException {
    BlockNode holder = holder(node);
    ListsSnapshots driver = holder == null ? null : holder.capability(ListsSnapshots.class);
    if (driver == null || !driver.canHoldSnapshots()) {
      throw BlockException.withErrno(Errno.ENOTSUP, "Failed to get a snapshot list");
    }
    for (SnapshotInfo snapshot : driver.snapshotInfos()) {
      boolean fits =
          (id == null || id.equals(snapshot.id()))
              && (name == null || name.equals(snapshot.name()));
      if (fits) {
        return snapshot;
      }
    }
    return null;
  }

  /** Deletes a snapshot that {@link #find} gave. */
  static void delete(BlockGraph graph, BlockNode node, SnapshotInfo snapshot)
      throws BlockException {
    if (node.readOnly()) {
      throw BlockException.of(Errno.EACCES, "Device is readonly");
    }
    BlockNode holder = holder(node);
    TakesSnapshots driver = holder == null ? null : holder.capability(TakesSnapshots.class);
    if (holder == null || driver == null) {
      throw BlockException.of(
          Errno.ENOTSUP,
          "Block format '%s' used by device '%s' does not support internal snapshot deletion"
              .formatted(node.driver(), node.deviceName()));
    }
    graph.drained(
        holder,
        () -> {
          driver.deleteSnapshot(snapshot);
          return snapshot;
        });
  }
}
