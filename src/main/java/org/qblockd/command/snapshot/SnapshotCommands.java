// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.snapshot;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.command.transaction.Action;
import org.qblockd.command.transaction.Actions;
import org.qblockd.driver.ImageCreator;
import org.qblockd.machine.Machine;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevSnapshot;
import org.qblockd.qapi.types.BlockdevSnapshotInternal;
import org.qblockd.qapi.types.BlockdevSnapshotSync;
import org.qblockd.qapi.types.SnapshotInfo;

/** The commands for snapshots, alone or as actions. Control lane. */
public final class SnapshotCommands {
  private final Machine machine;
  private final NewOverlays overlays;

  /**
   * The commands of this machine.
   *
   * @param creator makes new overlays
   */
  public SnapshotCommands(Machine machine, ImageCreator creator) {
    this.machine = machine;
    this.overlays = new NewOverlays(machine.opener(), creator);
  }

  /** {@code blockdev-snapshot-sync}. */
  public void run(BlockdevSnapshotSync arguments) throws QmpException, BlockException {
    Actions.run(machine.graph(), action(arguments));
  }

  /** {@code blockdev-snapshot}. */
  public void run(BlockdevSnapshot arguments) throws QmpException, BlockException {
    Actions.run(machine.graph(), action(arguments));
  }

  /** {@code blockdev-snapshot-internal-sync}. */
  public void run(BlockdevSnapshotInternal arguments) throws QmpException, BlockException {
    Actions.run(machine.graph(), action(arguments));
  }

  /**
   * {@code blockdev-snapshot-delete-internal-sync}.
   *
   * @param id the identifier, or null for any
   * @param name the name, or null for any; one of both must be there
   */
  public SnapshotInfo deleteInternal(String device, @Nullable String id, @Nullable String name)
      throws QmpException, BlockException {
    BlockNode node = Nodes.rootOf(machine.graph(), device);
    if (id == null && name == null) {
      throw QmpException.generic("Name or id must be provided");
    }
    node.checkOp(BlockOp.INTERNAL_SNAPSHOT_DELETE);
    SnapshotInfo found = InternalSnapshots.find(node, id, name);
    if (found == null) {
      throw QmpException.generic(
          "Snapshot with id '%s' and name '%s' does not exist on device '%s'"
              .formatted(id, name, device));
    }
    InternalSnapshots.delete(machine.graph(), node, found);
    return found;
  }

  /** {@code blockdev-snapshot-internal-sync} as an action. */
  public Action action(BlockdevSnapshotInternal arguments) {
    return new InternalAction(machine, arguments.device(), arguments.name());
  }

  /** {@code blockdev-snapshot-sync} as an action. */
  public Action action(BlockdevSnapshotSync arguments) {
    return new OverlayAction(
        machine.graph(),
        arguments.device().orElse(null),
        arguments.nodeName().orElse(null),
        below -> overlays.open(arguments, below));
  }

  /** {@code blockdev-snapshot} as an action. */
  public Action action(BlockdevSnapshot arguments) {
    return new OverlayAction(
        machine.graph(),
        arguments.node(),
        arguments.node(),
        below -> machine.graph().lookup(arguments.overlay(), arguments.overlay()));
  }
}
