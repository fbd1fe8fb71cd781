// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.snapshot;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.command.transaction.Action;
import org.qblockd.driver.TakesSnapshots;
import org.qblockd.machine.Machine;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.SnapshotInfo;

/** Takes a snapshot inside an image. Used once, on the control lane. */
final class InternalAction implements Action {
  private final Machine machine;
  private final BlockGraph graph;
  private final String device;
  private final String name;
  private @Nullable BlockNode node;

  InternalAction(Machine machine, String device, String name) {
    this.machine = machine;
    this.graph = machine.graph();
    this.device = device;
    this.name = name;
  }

  @Override
  public void prepare() throws QmpException, BlockException {
    BlockNode root = Nodes.rootOf(graph, device);
    graph.drainBegin(root);
    try {
      root.checkOp(BlockOp.INTERNAL_SNAPSHOT);
      take(root);
      node = root;
    } finally {
      if (node == null) {
        graph.drainEnd(root);
      }
    }
  }

  private void take(BlockNode root) throws QmpException, BlockException {
    if (root.readOnly()) {
      throw QmpException.generic("Device '" + device + "' is read only");
    }
    BlockNode holder = InternalSnapshots.holder(root);
    TakesSnapshots driver =
        holder == null || holder.readOnly() ? null : holder.capability(TakesSnapshots.class);
    if (holder == null || driver == null) {
      throw QmpException.generic(
          "Block format '%s' used by device '%s' does not support internal snapshots"
              .formatted(root.driver(), device));
    }
    if (name.isEmpty()) {
      throw QmpException.generic("Name is empty");
    }
    if (InternalSnapshots.find(root, null, name) != null) {
      throw QmpException.generic(
          "Snapshot with name '%s' already exists on device '%s'".formatted(name, device));
    }
    try {
      graph.drained(
          holder,
          () -> {
            driver.createSnapshot(
                name, machine.clock().realtimeMicros(), machine.virtualClock().monotonicNanos());
            return holder;
          });
    } catch (BlockException failed) {
      throw BlockException.withErrno(
          failed.errno(), "Failed to create snapshot '%s' on device '%s'".formatted(name, device));
    }
  }

  @Override
  public void abort() {
    if (node == null) {
      return;
    }
    try {
      SnapshotInfo taken = InternalSnapshots.find(node, null, name);
      if (taken != null) {
        InternalSnapshots.delete(graph, node, taken);
      }
    } catch (BlockException failed) {
      System.err.printf(
          "Failed to delete snapshot with name '%s' on device '%s' in abort: %s%n",
          name, device, failed.message());
    }
  }

  @Override
  public void clean() {
    if (node != null) {
      graph.drainEnd(node);
    }
  }
}
