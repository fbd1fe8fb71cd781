// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.snapshot;

import org.qblockd.base.BlockException;
import org.qblockd.command.transaction.Action;
import org.qblockd.command.transaction.Actions;
import org.qblockd.driver.ImageCreator;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevSnapshot;
import org.qblockd.qapi.types.BlockdevSnapshotSync;

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
