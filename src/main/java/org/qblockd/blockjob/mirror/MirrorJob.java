// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.Child;
import org.qblockd.block.DetectZeroes;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.HasBackingFile;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.job.JobType;

/**
 * Starts mirrors: checks what was asked, in QEMU's order and words, puts the filter in, takes the
 * permissions. Control lane.
 */
public final class MirrorJob {
  private static final long MIN_GRANULARITY = 512;
  private static final long MAX_GRANULARITY = 64L << 20;

  /** The default granularity is the target's cluster size between these two, in bytes. */
  private static final long SMALLEST_DEFAULT = 4096;

  private static final long LARGEST_DEFAULT = 65536;

  private MirrorJob() {}

  /**
   * Starts a mirror; when it throws, the graph is as before.
   *
   * @throws BlockException with QEMU's sentence
   */
  public static BlockJob start(BlockJobContext context, MirrorOptions asked) throws BlockException {
    MirrorOptions options = asked.commit() ? asked : check(context.graph(), asked);
    BlockNode source = options.source();
    context.graph().threads().move(options.target(), context.graph().threads().of(source));
    MirrorBitmap bitmap = options.commit() ? null : bitmap(options);
    long granularity =
        options.granularity() == 0 ? defaultGranularity(options.target()) : options.granularity();
    if (options.bufSize() < 0) {
      throw BlockException.invalid("Invalid parameter 'buf-size'");
    }
    if (Chains.skipFilters(source) == Chains.skipFilters(options.target())) {
      throw BlockException.invalid("Can't mirror node into itself");
    }
    BlockNode base = base(options);
    MirrorState mirror =
        new MirrorState(
            bitmap == null
                ? new DirtyBitmap(null, granularity, source.length())
                : bitmap.set(source.length()),
            bitmap,
            wholeClusters(options.target()),
            options.unmap(),
            options.copyMode());
    BlockNode top = createFilter(context.graph(), options);
    MirrorGraph graph = new MirrorGraph(context.graph(), top, mirror, options, base);
    MirrorTop ops = graph.insert(source);
    mirror.beginBitmap();
    long bufSize = options.bufSize() == 0 ? MirrorCopier.DEFAULT_BUF : options.bufSize();
    MirrorBody body =
        new MirrorBody(
            options, mirror, graph, ops.source(), context.graph().buffers(), bufSize, base);
    return startJob(context, options, top, graph, body);
  }

  private static @Nullable BlockNode base(MirrorOptions options) {
    if (options.commit()) {
      return options.target();
    }
    return options.sync() == SyncMode.TOP ? Chains.backingChainNext(options.source()) : null;
  }

  private static BlockJob startJob(
      BlockJobContext context,
      MirrorOptions options,
      BlockNode top,
      MirrorGraph graph,
      MirrorBody body)
      throws BlockException {
    BlockJob job = null;
    try {
      job =
          BlockJob.create(
              context,
              options.commit() ? JobType.COMMIT : JobType.MIRROR,
              options.common().job(top.deviceName()),
              body,
              top,
              new Perms(
                  Permission.CONSISTENT_READ,
                  Permission.CONSISTENT_READ | Permission.WRITE_UNCHANGED | Permission.WRITE),
              options.common().speed());
      body.setJob(job);
      attachNodes(options, top, graph, body, job);
    } catch (BlockException refused) {
      // When the source has no users, the job is the filter's only one.
      top.setMonitorOwned(true);
      if (job != null) {
        job.failEarly();
      }
      top.setMonitorOwned(false);
      graph.undo();
      throw refused;
    }
    long length = options.source().length();
    boolean whole = options.sync() == SyncMode.FULL && !options.commit();
    if (whole && options.target().length() == length) {
      // Until the first scan tells more: what query-block-jobs shows of a job that is paused at
      // once.
      job.progress().setRemaining(length);
    }
    job.start();
    if (options.sync() == SyncMode.NONE) {
      // With nothing to copy the mirror is ready before the command's reply, as in QEMU.
      context.jobs().lane().pollWhile(body::onItsWay);
    }
    return job;
  }

  private static void attachNodes(
      MirrorOptions options, BlockNode top, MirrorGraph graph, MirrorBody body, BlockJob job)
      throws BlockException {
    BlockNode source = options.source();
    BlockNode target = options.target();
    boolean backing = Chains.contains(source, target);
    if (!backing && Chains.contains(source, Chains.skipFilters(target))) {
      throw BlockException.invalid(
          "Cannot mirror to a filter on top of a node in the source's backing chain");
    }
    graph.attachTarget(targetPerms(source, target, backing));
    body.trackOn(top);
    job.addNode(
        "source",
        source,
        new Perms(0, Permission.WRITE_UNCHANGED | Permission.WRITE | Permission.CONSISTENT_READ));
    job.addNode("target", target, Perms.NONE);
    if (backing) {
      holdIntermediate(source, target, job);
      graph.freeze();
    }
  }

  private static Perms targetPerms(BlockNode source, BlockNode target, boolean backing)
      throws BlockException {
    if (!backing) {
      return new Perms(Permission.WRITE, Permission.WRITE_UNCHANGED);
    }
    boolean grows = target.length() < source.length();
    return new Perms(
        Permission.WRITE | (grows ? Permission.RESIZE : 0),
        Permission.WRITE_UNCHANGED | Permission.CONSISTENT_READ | Permission.WRITE);
  }

  /** The nodes between will disappear: nobody else may rely on what they show. */
  private static void holdIntermediate(BlockNode source, BlockNode target, BlockJob job)
      throws BlockException {
    BlockNode overlay = Chains.overlayOf(source, target);
    Child backing = overlay == null ? null : overlay.backing();
    int shared = Permission.WRITE_UNCHANGED | Permission.WRITE;
    BlockNode at = Chains.below(source);
    for (; at != null && at != target; at = Chains.below(at)) {
      if (backing != null && at == backing.node()) {
        // From here on there are only filters of the target, which show what it shows.
        shared |= Permission.CONSISTENT_READ;
      }
      Child unused = job.addNode("intermediate node", at, new Perms(0, shared));
    }
  }

  // ---- checks ---------------------------------------------------------------------------------

  private static MirrorOptions check(BlockGraph graph, MirrorOptions asked) throws BlockException {
    checkGranularity(asked.granularity());
    asked.source().checkOp(BlockOp.MIRROR_SOURCE);
    asked.target().checkOp(BlockOp.MIRROR_TARGET);
    MirrorOptions options = asked;
    if (asked.sync() == SyncMode.TOP && Chains.backingChainNext(asked.source()) == null) {
      options = options.withSync(SyncMode.FULL);
    }
    if (options.replaces() == null) {
      BlockNode shown = Chains.skipImplicitFilters(asked.source());
      options = options.withReplaces(shown == asked.source() ? null : shown.name());
    }
    String replaces = options.replaces();
    if (replaces != null) {
      checkReplaced(asked.source(), graph.node(replaces), replaces);
    }
    return options;
  }

  private static @Nullable MirrorBitmap bitmap(MirrorOptions options) throws BlockException {
    return MirrorBitmap.find(
        new MirrorBitmap.Asked(
            options.source(),
            options.sync(),
            options.bitmap(),
            options.bitmapMode(),
            options.granularity() != 0),
        options.warn());
  }

  private static void checkGranularity(long granularity) throws BlockException {
    if (granularity != 0 && (granularity < MIN_GRANULARITY || granularity > MAX_GRANULARITY)) {
      throw BlockException.invalid("Parameter 'granularity' expects a value in range [512B, 64MB]");
    }
    if ((granularity & (granularity - 1)) != 0) {
      throw BlockException.invalid("Parameter 'granularity' expects a power of 2");
    }
  }

  private static void checkReplaced(BlockNode source, @Nullable BlockNode replaced, String name)
      throws BlockException {
    if (replaced == null) {
      throw BlockException.invalid("Failed to find node with node-name='" + name + "'");
    }
    replaced.checkOp(BlockOp.REPLACE);
    if (!Chains.mayReplace(source, replaced)) {
      throw BlockException.invalid(
          ("Cannot replace '%s' by a node mirrored from '%s', because it cannot be guaranteed that"
                  + " doing so would not lead to an abrupt change of visible data")
              .formatted(name, source.name()));
    }
    long length;
    try {
      length = replaced.length();
    } catch (BlockException unknown) {
      throw BlockException.withErrno(
          unknown.errno(), "Failed to query the replacement node's size");
    }
    if (length != source.length()) {
      throw BlockException.of(
          Errno.EINVAL, "cannot replace image with a mirror image of different size");
    }
  }

  private static long defaultGranularity(BlockNode target) {
    int cluster = Chains.clusterSize(target);
    return cluster > 0
        ? Math.min(LARGEST_DEFAULT, Math.max(SMALLEST_DEFAULT, cluster))
        : LARGEST_DEFAULT;
  }

  /**
   * A target that names a backing file which is not opened yet cannot fill up clusters that are
   * written in part: they must be copied as a whole.
   */
  private static long wholeClusters(BlockNode target) {
    BlockNode image = Chains.skipFilters(target);
    HasBackingFile names = image.capability(HasBackingFile.class);
    boolean pending = names != null && names.backingFile() != null && image.backing() == null;
    return pending ? Chains.clusterSize(target) : 0;
  }

  private static BlockNode createFilter(BlockGraph graph, MirrorOptions options)
      throws BlockException {
    NodeOptions nodeOptions =
        new NodeOptions(false, false, false, false, true, DetectZeroes.OFF, false);
    BlockNode top = graph.createNode(options.common().filterNodeName(), "mirror_top", nodeOptions);
    top.setImplicit(options.common().filterNodeName() == null);
    top.setFilename(options.source().filename());
    return top;
  }
}
