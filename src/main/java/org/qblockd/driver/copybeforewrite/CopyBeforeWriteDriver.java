// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.copybeforewrite;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Clock;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.block.NodeOps;
import org.qblockd.blockcopy.BlockCopy;
import org.qblockd.blockcopy.ClusterSize;
import org.qblockd.blockcopy.CopyBeforeWrite;
import org.qblockd.blockcopy.SnapshotView;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.OpenRequest;
import org.qblockd.driver.RuntimeOption;
import org.qblockd.driver.RuntimeOption.Kind;
import org.qblockd.qapi.types.BlockDirtyBitmap;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevOptionsCbw;
import org.qblockd.qapi.types.OnCbwError;

/**
 * The driver {@code copy-before-write}: what a write would overwrite goes to a target first.
 * Control lane.
 */
public final class CopyBeforeWriteDriver implements BlockDriver {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Clock clock;

  /** The driver, with the clock that limits how long writes wait. */
  public CopyBeforeWriteDriver(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return "copy-before-write";
  }

  @Override
  public boolean isFilter() {
    return true;
  }

  @Override
  public List<RuntimeOption> runtimeOptions() {
    return List.of(
        RuntimeOption.of("file", Kind.CHILD),
        RuntimeOption.of("target", Kind.CHILD),
        RuntimeOption.of("bitmap", Kind.TREE),
        RuntimeOption.of("on-cbw-error", Kind.TEXT),
        RuntimeOption.of("cbw-timeout", Kind.NUMBER),
        RuntimeOption.of("min-cluster-size", Kind.SIZE));
  }

  @Override
  public boolean namedAsFile() {
    return true;
  }

  @Override
  public NodeOps open(OpenRequest request) throws BlockException {
    if (!(request.options() instanceof BlockdevOptions.CopyBeforeWrite branch)) {
      throw new IllegalArgumentException("options of another driver");
    }
    BlockdevOptionsCbw options = branch.data();
    int filtered = ChildRole.FILTERED | ChildRole.PRIMARY;
    Child file = request.openChild("file", filtered, options.file());
    Child target = request.openChild("target", ChildRole.DATA, options.target());
    DirtyBitmap wanted = options.bitmap().isEmpty() ? null : find(request, options.bitmap().get());
    BlockNode node = request.node();
    long length = file.length();
    int cluster = ClusterSize.of(target.node(), options.minClusterSize().orElse(0L));
    DirtyBitmap marked = marked(wanted, cluster, length);
    SnapshotView snapshot = SnapshotView.of(cluster, length, marked);
    node.addBitmap(marked);
    node.addBitmap(snapshot.saved());
    node.addBitmap(snapshot.readable());
    BlockCopy copy =
        new BlockCopy(file, target, BufferPool.shared(), length, cluster, false, false, marked);
    return new CopyBeforeWrite(file, target, copy, snapshot, policy(options), clock);
  }

  private static CopyBeforeWrite.Policy policy(BlockdevOptionsCbw options) {
    return new CopyBeforeWrite.Policy(
        options.onCbwError().orElse(OnCbwError.BREAK_GUEST_WRITE) == OnCbwError.BREAK_SNAPSHOT,
        options.cbwTimeout().orElse(0L) * NANOS_PER_SECOND,
        false);
  }

  /** What is to be copied: all, or what the user's bitmap says now. */
  private static DirtyBitmap marked(@Nullable DirtyBitmap wanted, int cluster, long length)
      throws BlockException {
    DirtyBitmap marked = new DirtyBitmap(null, cluster, length);
    marked.setEnabled(false);
    if (wanted == null) {
      marked.set(0, length);
      return marked;
    }
    try {
      DirtyBitmaps.merge(marked, wanted);
    } catch (BlockException refused) {
      throw refused.prefixed(
          "Cannot create block-copy-state: Failed to merge bitmap '%s' to internal copy-bitmap: "
              .formatted(wanted.name()));
    }
    return marked;
  }

  private static DirtyBitmap find(OpenRequest request, BlockDirtyBitmap wanted)
      throws BlockException {
    BlockNode node = request.lookup(wanted.node());
    DirtyBitmap bitmap = node == null ? null : DirtyBitmaps.find(node, wanted.name());
    if (node == null) {
      throw BlockException.invalid("Node '" + wanted.node() + "' not found");
    }
    if (bitmap == null) {
      throw BlockException.invalid("Dirty bitmap '" + wanted.name() + "' not found");
    }
    return bitmap;
  }
}
