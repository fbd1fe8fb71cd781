// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.commit;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Child;
import org.qblockd.block.Extent;
import org.qblockd.block.RequestFlags;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobBody;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.OrderedCopier;

/**
 * The commit's work: what the images above the base hold is written into it; then they are let go.
 * On the job's thread; completion on the lane.
 *
 * <p>A kill at any moment leaves right images: as long as an overlay names the old chain, the base
 * is hidden where it was changed; the data is on the disk before the overlay names the base.
 */
final class CommitBody implements BlockJobBody {
  /** Bytes of one piece: QEMU's, since its errors and speeds count in pieces. */
  private static final long PIECE = 512 << 10;

  private final CommitOptions options;
  private final CommitGraph graph;
  private volatile @Nullable BlockJob job;
  private volatile @Nullable OrderedCopier copier;

  CommitBody(CommitOptions options, CommitGraph graph) {
    this.options = options;
    this.graph = graph;
  }

  void setJob(BlockJob newJob) {
    job = newJob;
  }

  private BlockJob job() {
    BlockJob current = job;
    if (current == null) {
      throw new IllegalStateException("not started");
    }
    return current;
  }

  // ---- the job's thread -----------------------------------------------------------------------

  @Override
  public void run() throws BlockException {
    long length = options.top().length();
    Child base = graph.base();
    job().progress().setRemaining(length);
    if (base.length() < length) {
      base.resize(length, false, "off", false);
    }
    BlockNode overlay = Chains.overlayOf(options.top(), options.base());
    if (overlay == null) {
      throw new IllegalStateException("no image over " + options.base());
    }
    try (OrderedCopier copying = new OrderedCopier(job(), options.common().onSourceError())) {
      copier = copying;
      Errno unused = copying.copy(length, offset -> plan(base, overlay, offset, length), true);
    }
    if (!job().cancelled()) {
      base.flush();
    }
  }

  private OrderedCopier.Piece plan(Child base, BlockNode overlay, long offset, long length) {
    long bytes = Math.min(Math.min(PIECE, job().steps().most()), length - offset);
    Extent found;
    try {
      found = BlockStatus.through(options.top(), overlay, offset, bytes);
    } catch (BlockException unknown) {
      return new OrderedCopier.Piece(bytes, () -> new OrderedCopier.Failure(true, unknown.errno()));
    }
    long step = found.length() == 0 ? bytes : found.length();
    if (!found.has(Extent.ALLOCATED)) {
      return new OrderedCopier.Piece(step, null);
    }
    boolean zero = found.has(Extent.ZERO);
    return new OrderedCopier.Piece(
        step, () -> zero ? zero(base, offset, step) : copy(base, offset, (int) step));
  }

  private static OrderedCopier.@Nullable Failure zero(Child base, long offset, long bytes) {
    try {
      base.writeZeroes(offset, bytes, RequestFlags.MAY_UNMAP);
      return null;
    } catch (BlockException failed) {
      return new OrderedCopier.Failure(false, failed.errno());
    }
  }

  private OrderedCopier.@Nullable Failure copy(Child base, long offset, int bytes) {
    boolean reading = true;
    try (PooledBuffer pooled = BufferPool.get(bytes)) {
      ByteBuffer buffer = pooled.buffer().limit(bytes);
      options.top().read(offset, buffer, 0);
      reading = false;
      base.write(offset, buffer.flip(), 0);
      return null;
    } catch (BlockException failed) {
      return new OrderedCopier.Failure(reading, failed.errno());
    }
  }

  // ---- the lane -------------------------------------------------------------------------------

  @Override
  public boolean copying() {
    OrderedCopier current = copier;
    return current != null && current.inFlight() > 0;
  }

  @Override
  public void awaitCopies() {
    OrderedCopier current = copier;
    if (current != null) {
      current.awaitAll();
    }
  }

  @Override
  public boolean endsInCancel() {
    return true;
  }

  @Override
  public void prepare() throws BlockException {
    graph.dropIntermediate();
  }

  @Override
  public void abort() {
    graph.abandon(job());
  }

  @Override
  public void clean() {
    graph.restoreBase();
    graph.closeAccess();
  }
}
