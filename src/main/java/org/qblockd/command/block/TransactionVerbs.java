// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.command.bitmap.BitmapAction;
import org.qblockd.command.bitmap.BitmapChange;
import org.qblockd.command.bitmap.BitmapCommands;
import org.qblockd.command.blockjob.BackupCommands;
import org.qblockd.command.snapshot.SnapshotCommands;
import org.qblockd.command.transaction.Action;
import org.qblockd.command.transaction.Actions;
import org.qblockd.job.JobTransaction;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.TransactionCommands;
import org.qblockd.qapi.types.ActionCompletionMode;
import org.qblockd.qapi.types.BlockDirtyBitmap;
import org.qblockd.qapi.types.BlockDirtyBitmapMerge;
import org.qblockd.qapi.types.TransactionAction;
import org.qblockd.qapi.types.TransactionActionKind;
import org.qblockd.qapi.types.TransactionProperties;

/** {@code transaction}: finds the class of each action. Control lane. */
final class TransactionVerbs implements TransactionCommands {
  private final Machine machine;
  private final BackupCommands backup;
  private final BitmapCommands bitmaps;
  private final SnapshotCommands snapshots;

  TransactionVerbs(
      Machine machine, BackupCommands backup, BitmapCommands bitmaps, SnapshotCommands snapshots) {
    this.bitmaps = bitmaps;
    this.machine = machine;
    this.backup = backup;
    this.snapshots = snapshots;
  }

  @Override
  public void transaction(
      List<TransactionAction> actions, Optional<TransactionProperties> properties)
      throws QmpException, BlockException {
    boolean grouped =
        properties.flatMap(TransactionProperties::completionMode).orElse(null)
            == ActionCompletionMode.GROUPED;
    if (grouped) {
      checkGrouped(actions);
    }
    JobTransaction jobs = grouped ? new JobTransaction() : null;
    List<Action> found = new ArrayList<>();
    for (TransactionAction action : actions) {
      found.add(find(action, jobs));
    }
    Actions.run(machine.graph(), found);
  }

  private static void checkGrouped(List<TransactionAction> actions) throws QmpException {
    for (TransactionAction action : actions) {
      TransactionActionKind kind = action.type();
      if (kind != TransactionActionKind.BLOCKDEV_BACKUP
          && kind != TransactionActionKind.DRIVE_BACKUP) {
        throw QmpException.generic(
            "Action '%s' does not support transaction property completion-mode = %s"
                .formatted(kind.wireName(), ActionCompletionMode.GROUPED.wireName()));
      }
    }
  }

  /** The action itself; {@code jobs} is null when each job ends for itself. */
  private Action find(TransactionAction action, @Nullable JobTransaction jobs) {
    return switch (action) {
      case TransactionAction.Abort unused -> new AbortAction();
      case TransactionAction.BlockDirtyBitmapAdd wrapped ->
          new BitmapAction(() -> bitmaps.add(wrapped.data().data()));
      case TransactionAction.BlockDirtyBitmapRemove wrapped ->
          on(wrapped.data().data(), bitmaps::remove);
      case TransactionAction.BlockDirtyBitmapClear wrapped ->
          on(wrapped.data().data(), bitmaps::clear);
      case TransactionAction.BlockDirtyBitmapEnable wrapped ->
          on(wrapped.data().data(), (node, name) -> bitmaps.enable(node, name, true));
      case TransactionAction.BlockDirtyBitmapDisable wrapped ->
          on(wrapped.data().data(), (node, name) -> bitmaps.enable(node, name, false));
      case TransactionAction.BlockDirtyBitmapMerge wrapped -> merge(wrapped.data().data());
      case TransactionAction.BlockdevBackup wrapped -> backup.action(wrapped.data().data(), jobs);
      case TransactionAction.BlockdevSnapshot wrapped -> snapshots.action(wrapped.data().data());
      case TransactionAction.BlockdevSnapshotInternalSync wrapped ->
          snapshots.action(wrapped.data().data());
      case TransactionAction.BlockdevSnapshotSync wrapped ->
          snapshots.action(wrapped.data().data());
      case TransactionAction.DriveBackup wrapped -> backup.action(wrapped.data().data(), jobs);
    };
  }

  private interface BitmapVerb {
    BitmapChange apply(String node, String name) throws QmpException, BlockException;
  }

  private static Action on(BlockDirtyBitmap bitmap, BitmapVerb verb) {
    return new BitmapAction(() -> verb.apply(bitmap.node(), bitmap.name()));
  }

  private Action merge(BlockDirtyBitmapMerge arguments) {
    return new BitmapAction(
        () -> bitmaps.merge(arguments.node(), arguments.target(), arguments.bitmaps()));
  }

  /** The action that always fails. */
  private static final class AbortAction implements Action {
    @Override
    public void prepare() throws QmpException {
      throw QmpException.generic("Transaction aborted using Abort action");
    }
  }
}
