// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.Child;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.mirror.BackingMode;
import org.qblockd.blockjob.mirror.MirrorJob;
import org.qblockd.blockjob.mirror.MirrorOptions;
import org.qblockd.driver.ImageCreator;
import org.qblockd.machine.Machine;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevMirrorArguments;
import org.qblockd.qapi.types.DriveMirror;
import org.qblockd.qapi.types.MirrorCopyMode;
import org.qblockd.qapi.types.NewImageMode;

/** {@code drive-mirror} and {@code blockdev-mirror}. Control lane. */
public final class MirrorCommands {
  private final Machine machine;
  private final TargetImages images;

  /**
   * The commands for this machine.
   *
   * @param creator makes new target images
   */
  public MirrorCommands(Machine machine, ImageCreator creator) {
    this.machine = machine;
    this.images = new TargetImages(machine.opener(), creator);
  }

  /** {@code blockdev-mirror}. */
  public void blockdevMirror(BlockdevMirrorArguments arguments)
      throws QmpException, BlockException {
    BlockNode source = Nodes.rootOf(machine.graph(), arguments.device());
    BlockNode target = machine.graph().lookup(arguments.target(), arguments.target());
    MirrorOptions.Builder options =
        MirrorOptions.of(source, target, CopyArguments.wire(arguments.sync()))
            .replaces(arguments.replaces().orElse(null))
            .filterNodeName(arguments.filterNodeName().orElse(null))
            .granularity(arguments.granularity().orElse(0L))
            .bufSize(arguments.bufSize().orElse(0L))
            .copyMode(wire(arguments.copyMode()))
            .bitmap(arguments.bitmap().orElse(null), CopyArguments.mode(arguments.bitmapMode()))
            .warn(machine.opener()::warn);
    CopyArguments.job(
        options,
        arguments.jobId(),
        arguments.speed(),
        arguments.autoFinalize(),
        arguments.autoDismiss());
    CopyArguments.onError(options, arguments.onSourceError(), arguments.onTargetError());
    MirrorJob.start(machine.blockJobs(), options.build());
  }

  /** {@code drive-mirror}. */
  public void driveMirror(DriveMirror arguments) throws QmpException, BlockException {
    BlockNode source = Nodes.rootOf(machine.graph(), arguments.device());
    source.checkOp(BlockOp.MIRROR_SOURCE);
    BlockNode below = backingNode(source);
    SyncMode sync = CopyArguments.wire(arguments.sync());
    if (below == null && sync == SyncMode.TOP) {
      sync = SyncMode.FULL;
    }
    BlockNode backing = sync == SyncMode.NONE ? source : below;
    if (arguments.replaces().isPresent() && arguments.nodeName().isEmpty()) {
      throw QmpException.generic(
          "a node-name must be provided when replacing a named node of the graph");
    }
    boolean existing =
        arguments.mode().orElse(NewImageMode.ABSOLUTE_PATHS) == NewImageMode.EXISTING;
    @Nullable String format = arguments.format().orElse(existing ? null : source.driver());
    if (!existing) {
      boolean alone = sync == SyncMode.FULL || backing == null;
      images.create(
          arguments.target(),
          format == null ? source.driver() : format,
          source,
          alone ? null : backing);
    }
    BlockNode target =
        images.open(arguments.target(), format, arguments.nodeName().orElse(null), source);
    try {
      MirrorJob.start(machine.blockJobs(), options(arguments, source, target, sync, existing));
    } finally {
      machine.graph().closeIfUnused(target);
    }
  }

  private MirrorOptions options(
      DriveMirror arguments, BlockNode source, BlockNode target, SyncMode sync, boolean existing) {
    BackingMode backing = existing ? BackingMode.OPEN : BackingMode.SOURCE_CHAIN;
    MirrorOptions.Builder options =
        MirrorOptions.of(source, target, sync)
            .replaces(arguments.replaces().orElse(null))
            .backing(backing, machine.opener()::openBacking)
            .zeroTarget(sync == SyncMode.FULL && existing)
            .granularity(arguments.granularity().orElse(0L))
            .bufSize(arguments.bufSize().orElse(0L))
            .unmap(arguments.unmap().orElse(true))
            .copyMode(wire(arguments.copyMode()))
            .bitmap(arguments.bitmap().orElse(null), CopyArguments.mode(arguments.bitmapMode()))
            .warn(machine.opener()::warn);
    CopyArguments.job(
        options,
        arguments.jobId(),
        arguments.speed(),
        arguments.autoFinalize(),
        arguments.autoDismiss());
    CopyArguments.onError(options, arguments.onSourceError(), arguments.onTargetError());
    return options.build();
  }

  /** The next image below the source's own, or null. */
  static @Nullable BlockNode backingNode(BlockNode source) {
    BlockNode image = source;
    for (Child filtered = image.filtered(); filtered != null; filtered = image.filtered()) {
      image = filtered.node();
    }
    Child backing = image.backing();
    return backing == null ? null : backing.node();
  }

  private static CopyMode wire(Optional<MirrorCopyMode> mode) {
    return CopyMode.valueOf(mode.orElse(MirrorCopyMode.BACKGROUND).name());
  }
}
