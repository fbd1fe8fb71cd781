// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.Child;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.OnError;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.mirror.BackingMode;
import org.qblockd.blockjob.mirror.MirrorJob;
import org.qblockd.blockjob.mirror.MirrorOptions;
import org.qblockd.driver.ImageCreator;
import org.qblockd.machine.Machine;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevMirrorArguments;
import org.qblockd.qapi.types.BlockdevOnError;
import org.qblockd.qapi.types.DriveMirror;
import org.qblockd.qapi.types.MirrorCopyMode;
import org.qblockd.qapi.types.MirrorSyncMode;
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
        MirrorOptions.of(source, target, wire(arguments.sync()))
            .jobId(arguments.jobId().orElse(null))
            .replaces(arguments.replaces().orElse(null))
            .filterNodeName(arguments.filterNodeName().orElse(null))
            .speed(arguments.speed().orElse(0L))
            .granularity(arguments.granularity().orElse(0L))
            .bufSize(arguments.bufSize().orElse(0L))
            .onError(
                wire(arguments.onSourceError().orElse(BlockdevOnError.REPORT)),
                wire(arguments.onTargetError().orElse(BlockdevOnError.REPORT)))
            .copyMode(wire(arguments.copyMode().orElse(MirrorCopyMode.BACKGROUND)))
            .auto(arguments.autoFinalize().orElse(true), arguments.autoDismiss().orElse(true));
    MirrorJob.start(machine.blockJobs(), options.build());
  }

  /** {@code drive-mirror}. */
  public void driveMirror(DriveMirror arguments) throws QmpException, BlockException {
    BlockNode source = Nodes.rootOf(machine.graph(), arguments.device());
    source.checkOp(BlockOp.MIRROR_SOURCE);
    BlockNode below = backingNode(source);
    SyncMode sync = wire(arguments.sync());
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
    return MirrorOptions.of(source, target, sync)
        .jobId(arguments.jobId().orElse(null))
        .replaces(arguments.replaces().orElse(null))
        .backing(backing, machine.opener()::openBacking)
        .zeroTarget(sync == SyncMode.FULL && existing)
        .speed(arguments.speed().orElse(0L))
        .granularity(arguments.granularity().orElse(0L))
        .bufSize(arguments.bufSize().orElse(0L))
        .onError(
            wire(arguments.onSourceError().orElse(BlockdevOnError.REPORT)),
            wire(arguments.onTargetError().orElse(BlockdevOnError.REPORT)))
        .unmap(arguments.unmap().orElse(true))
        .copyMode(wire(arguments.copyMode().orElse(MirrorCopyMode.BACKGROUND)))
        .auto(arguments.autoFinalize().orElse(true), arguments.autoDismiss().orElse(true))
        .build();
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

  static SyncMode wire(MirrorSyncMode sync) {
    return SyncMode.valueOf(sync.name());
  }

  static OnError wire(BlockdevOnError policy) {
    return OnError.valueOf(policy.name());
  }

  private static CopyMode wire(MirrorCopyMode mode) {
    return CopyMode.valueOf(mode.name());
  }
}
