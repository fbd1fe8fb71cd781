// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.block.NodeThreads;
import org.qblockd.block.WritesCompressed;
import org.qblockd.blockjob.BitmapMode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.SyncBitmap;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.job.JobType;

/**
 * Starts backups: checks what was asked, in QEMU's order and words, puts the filter in, takes the
 * permissions. Control lane.
 */
public final class BackupJob {
  private static final long MAX_WORKERS = Integer.MAX_VALUE;

  private BackupJob() {}

  /**
   * Starts a backup as the commands blockdev-backup and drive-backup do: all nodes are drained for
   * a moment, and the source during the start. When it throws, the graph is as before.
   *
   * @throws BlockException with QEMU's sentence
   */
  public static BlockJob start(BlockJobContext context, BackupOptions options)
      throws BlockException {
    BlockGraph graph = context.graph();
    List<BlockNode> drained = graph.drainAllBegin();
    graph.drainAllEnd(drained);
    return graph.drained(
        options.source(),
        () -> {
          BlockJob job = create(context, options);
          job.start();
          return job;
        });
  }

  /**
   * Creates a backup without starting it: an action of a transaction. The caller drains the source
   * until it has started or failed the job.
   *
   * @throws BlockException with QEMU's sentence; the graph is then as before
   */
  public static BlockJob create(BlockJobContext context, BackupOptions options)
      throws BlockException {
    NodeThreads threads = context.graph().threads();
    threads.move(options.target(), threads.of(options.source()));
    SyncBitmap bitmap = bitmap(options);
    check(options);
    if (bitmap == null) {
      return create(context, options, null);
    }
    bitmap.freeze();
    try {
      return create(context, options, bitmap);
    } catch (BlockException refused) {
      bitmap.thaw();
      throw refused;
    }
  }

  private static BlockJob create(
      BlockJobContext context, BackupOptions options, @Nullable SyncBitmap bitmap)
      throws BlockException {
    long length = commonLength(options);
    CopyFilter filter = CopyFilter.insert(context.graph(), options, length);
    BlockNode base =
        options.sync() == SyncMode.TOP ? Chains.backingChainNext(options.source()) : null;
    BackupBody body = new BackupBody(options, filter, length, base, bitmap);
    BlockJob job = null;
    try {
      checkChunk(options, filter.copy().cluster());
      job = createJob(context, options, filter.node(), body);
      body.setJob(job);
      job.addNode("target", options.target(), org.qblockd.block.Perms.NONE);
    } catch (BlockException refused) {
      if (job != null) {
        job.failEarly();
      }
      filter.remove();
      throw refused;
    }
    return job;
  }

  private static BlockJob createJob(
      BlockJobContext context, BackupOptions options, BlockNode filter, BackupBody body)
      throws BlockException {
    return BlockJob.create(
        context,
        JobType.BACKUP,
        options.common().job(filter.deviceName()),
        body,
        filter,
        org.qblockd.block.Perms.NONE,
        options.common().speed());
  }

  // ---- checks ---------------------------------------------------------------------------------

  /** The user's bitmap, if one was given; null if not. */
  private static @Nullable SyncBitmap bitmap(BackupOptions options) throws BlockException {
    SyncMode sync = options.sync();
    String name = options.bitmap();
    BitmapMode mode = options.bitmapMode();
    if (sync.copiesBitmap() && name == null) {
      throw BlockException.invalid(
          "must provide a valid bitmap name for '" + sync.wireName() + "' sync mode");
    }
    if (sync == SyncMode.INCREMENTAL) {
      if (mode != null && mode != BitmapMode.ON_SUCCESS) {
        throw BlockException.invalid(
            "Bitmap sync mode must be 'on-success' when using sync mode 'incremental'");
      }
      mode = BitmapMode.ON_SUCCESS;
    }
    if (name == null) {
      if (mode != null) {
        throw BlockException.invalid("Cannot specify bitmap sync mode without a bitmap");
      }
      return null;
    }
    DirtyBitmap bitmap = DirtyBitmaps.find(options.source(), name);
    if (bitmap == null) {
      throw BlockException.invalid("Bitmap '" + name + "' could not be found");
    }
    if (mode == null) {
      throw BlockException.invalid("Bitmap sync mode must be given when providing a bitmap");
    }
    checkUse(sync, bitmap, mode);
    return new SyncBitmap(options.source(), bitmap, mode);
  }

  private static void checkUse(SyncMode sync, DirtyBitmap bitmap, BitmapMode mode)
      throws BlockException {
    DirtyBitmaps.checkReadable(bitmap);
    if (sync == SyncMode.NONE) {
      throw BlockException.invalid("sync mode 'none' does not produce meaningful bitmap outputs");
    }
    if (mode == BitmapMode.NEVER && !sync.copiesBitmap()) {
      throw BlockException.invalid(
          "Bitmap sync mode 'never' has no meaningful effect when combined with sync mode '%s'"
              .formatted(sync.wireName()));
    }
  }

  private static void checkInserted(BlockNode node) throws BlockException {
    if (node.ejected()) {
      throw BlockException.of(Errno.ENOMEDIUM, "Device is not inserted: " + node.deviceName());
    }
  }

  private static void check(BackupOptions options) throws BlockException {
    BlockNode source = options.source();
    BlockNode target = options.target();
    if (source == target) {
      throw BlockException.invalid("Source and target cannot be the same");
    }
    checkInserted(source);
    checkInserted(target);
    if (options.compress() && !compresses(target)) {
      throw BlockException.of(
          Errno.ENOTSUP, "Compression is not supported for this drive " + target.deviceName());
    }
    source.checkOp(BlockOp.BACKUP_SOURCE);
    target.checkOp(BlockOp.BACKUP_TARGET);
    BackupOptions.Performance performance = options.performance();
    if (performance.maxWorkers() < 1 || performance.maxWorkers() > MAX_WORKERS) {
      throw BlockException.invalid("max-workers must be between 1 and " + MAX_WORKERS);
    }
    if (performance.maxChunk() < 0) {
      throw BlockException.invalid("max-chunk must be zero (which means no limit) or positive");
    }
  }

  /** The length of both nodes in bytes. */
  private static long commonLength(BackupOptions options) throws BlockException {
    long length = length(options.source());
    if (length(options.target()) != length) {
      throw BlockException.invalid("Source and target image have different sizes");
    }
    return length;
  }

  private static boolean compresses(BlockNode target) {
    return Chains.skipFilters(target).capability(WritesCompressed.class) != null;
  }

  private static long length(BlockNode node) throws BlockException {
    try {
      return node.length();
    } catch (BlockException unknown) {
      throw BlockException.withErrno(
          unknown.errno(), "Unable to get length for '" + node.displayName() + "'");
    }
  }

  private static void checkChunk(BackupOptions options, int cluster) throws BlockException {
    long chunk = options.performance().maxChunk();
    if (chunk != 0 && chunk < cluster) {
      throw BlockException.invalid(
          "Required max-chunk (%d) is less than backup cluster size (%d)"
              .formatted(chunk, cluster));
    }
  }
}
