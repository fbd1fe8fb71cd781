// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.ChildRole;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.backup.BackupJob;
import org.qblockd.blockjob.backup.BackupOptions;
import org.qblockd.command.transaction.Action;
import org.qblockd.command.transaction.Actions;
import org.qblockd.driver.ImageCreator;
import org.qblockd.job.JobTransaction;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BackupPerf;
import org.qblockd.qapi.types.BlockdevBackup;
import org.qblockd.qapi.types.DriveBackup;
import org.qblockd.qapi.types.NewImageMode;

/** {@code drive-backup} and {@code blockdev-backup}. Control lane. */
public final class BackupCommands {
  private final Machine machine;
  private final TargetImages images;

  /**
   * The commands for this machine.
   *
   * @param creator makes new target images
   */
  public BackupCommands(Machine machine, ImageCreator creator) {
    this.machine = machine;
    this.images = new TargetImages(machine.opener(), creator);
  }

  /** {@code blockdev-backup}. */
  public void blockdevBackup(BlockdevBackup arguments) throws QmpException, BlockException {
    Actions.run(machine.graph(), action(arguments, null));
  }

  /** {@code drive-backup}. */
  public void driveBackup(DriveBackup arguments) throws QmpException, BlockException {
    Actions.run(machine.graph(), action(arguments, null));
  }

  /** {@code blockdev-backup} as an action; its job ends together with {@code jobs}. */
  public Action action(BlockdevBackup arguments, @Nullable JobTransaction jobs) {
    return new BackupAction(
        machine.graph(), arguments.device(), source -> create(arguments, source, jobs));
  }

  /** {@code drive-backup} as an action; its job ends together with {@code jobs}. */
  public Action action(DriveBackup arguments, @Nullable JobTransaction jobs) {
    return new BackupAction(
        machine.graph(), arguments.device(), source -> create(arguments, source, jobs));
  }

  private BlockJob create(BlockdevBackup arguments, BlockNode source, @Nullable JobTransaction jobs)
      throws QmpException, BlockException {
    BlockNode target = machine.graph().lookup(arguments.target(), arguments.target());
    BackupOptions.Builder options =
        BackupOptions.of(source, target, CopyArguments.wire(arguments.sync()))
            .bitmap(arguments.bitmap().orElse(null), CopyArguments.mode(arguments.bitmapMode()))
            .filterNodeName(arguments.filterNodeName().orElse(null))
            .compress(arguments.compress().orElse(false))
            .discardSource(arguments.discardSource().orElse(false))
            .performance(performance(arguments.xPerf()))
            .transaction(jobs);
    CopyArguments.job(
        options,
        arguments.jobId(),
        arguments.speed(),
        arguments.autoFinalize(),
        arguments.autoDismiss());
    CopyArguments.onError(options, arguments.onSourceError(), arguments.onTargetError());
    return BackupJob.create(machine.blockJobs(), options.build());
  }

  private BlockJob create(DriveBackup arguments, BlockNode source, @Nullable JobTransaction jobs)
      throws QmpException, BlockException {
    BlockGraph graph = machine.graph();
    source.checkOp(BlockOp.BACKUP_SOURCE);
    SyncMode sync = CopyArguments.wire(arguments.sync());
    BlockNode below = sync == SyncMode.TOP ? MirrorCommands.backingNode(source) : null;
    if (sync == SyncMode.TOP && below == null) {
      sync = SyncMode.FULL;
    }
    boolean overSource = sync == SyncMode.NONE;
    boolean existing =
        arguments.mode().orElse(NewImageMode.ABSOLUTE_PATHS) == NewImageMode.EXISTING;
    String format = arguments.format().orElse(existing ? null : source.driver());
    if (!existing) {
      images.create(
          arguments.target(),
          format == null ? source.driver() : format,
          source,
          overSource ? source : below);
    }
    BlockNode target = images.openForBackup(arguments.target(), format, source, overSource);
    try {
      if (overSource) {
        graph.attach(target, "backing", ChildRole.COW, source, Perms.NONE);
      }
      return BackupJob.create(machine.blockJobs(), options(arguments, source, target, sync, jobs));
    } finally {
      graph.closeIfUnused(target);
    }
  }

  private static BackupOptions options(
      DriveBackup arguments,
      BlockNode source,
      BlockNode target,
      SyncMode sync,
      @Nullable JobTransaction jobs) {
    BackupOptions.Builder options =
        BackupOptions.of(source, target, sync)
            .bitmap(arguments.bitmap().orElse(null), CopyArguments.mode(arguments.bitmapMode()))
            .filterNodeName(arguments.filterNodeName().orElse(null))
            .compress(arguments.compress().orElse(false))
            .discardSource(arguments.discardSource().orElse(false))
            .performance(performance(arguments.xPerf()))
            .transaction(jobs);
    CopyArguments.job(
        options,
        arguments.jobId(),
        arguments.speed(),
        arguments.autoFinalize(),
        arguments.autoDismiss());
    CopyArguments.onError(options, arguments.onSourceError(), arguments.onTargetError());
    return options.build();
  }

  private static BackupOptions.Performance performance(Optional<BackupPerf> perf) {
    if (perf.isEmpty()) {
      return BackupOptions.Performance.DEFAULT;
    }
    BackupOptions.Performance usual = BackupOptions.Performance.DEFAULT;
    return new BackupOptions.Performance(
        perf.get().useCopyRange().orElse(false),
        perf.get().maxWorkers().orElse(usual.maxWorkers()),
        perf.get().maxChunk().orElse(usual.maxChunk()),
        perf.get().minClusterSize().orElse(usual.minClusterSize()));
  }
}
