// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Align;
import org.qblockd.block.BlockNode;
import org.qblockd.block.GivesUpWaiting;
import org.qblockd.blockcopy.BlockCopy;
import org.qblockd.blockcopy.CopyFailure;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobBody;
import org.qblockd.blockjob.CopyWorkers;
import org.qblockd.blockjob.ErrorAction;
import org.qblockd.blockjob.SyncBitmap;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.job.Progress;

/**
 * The backup's work: what no write asks for is copied in the background. On the job's thread;
 * completion on the lane.
 */
final class BackupBody implements BlockJobBody {
  /** Copies under way at once; more gains nothing. */
  private static final int MAX_IN_FLIGHT = 16;

  private final BackupOptions options;
  private final BlockCopy copy;
  private final long length;
  private final @Nullable BlockNode base;
  private final CopyFilter filter;
  private final @Nullable SyncBitmap bitmap;
  private final CopyWorkers workers;
  private final ConcurrentLinkedQueue<CopyFailure> failures = new ConcurrentLinkedQueue<>();
  private volatile @Nullable BlockJob job;

  /**
   * The work of one backup.
   *
   * @param base what lies below the image that mode top copies, or null
   * @param bitmap the user's bitmap, frozen, or null
   */
  BackupBody(
      BackupOptions options,
      CopyFilter filter,
      long length,
      @Nullable BlockNode base,
      @Nullable SyncBitmap bitmap) {
    this.bitmap = bitmap;
    this.options = options;
    this.filter = filter;
    this.copy = filter.copy();
    this.length = length;
    this.base = base;
    long wanted = options.performance().maxWorkers();
    this.workers = new CopyWorkers("backup", (int) Math.min(wanted, MAX_IN_FLIGHT));
  }

  /** Before the start: writes may come at once. */
  void setJob(BlockJob newJob) {
    job = newJob;
    if (bitmap != null && options.sync().copiesBitmap()) {
      copy.markOnly(bitmap.bitmap());
    }
    copy.reportTo(new ShownProgress(newJob.progress()), newJob::rateDelay);
    if (options.sync() == SyncMode.TOP) {
      copy.skipUnallocatedAbove(base);
    }
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
    try {
      if (options.sync() == SyncMode.TOP) {
        unmarkUnallocated();
      }
      if (options.sync() == SyncMode.NONE) {
        waitForCancel();
      } else {
        copyAll();
      }
    } finally {
      workers.awaitAll();
      workers.close();
    }
  }

  private void waitForCancel() {
    while (!job().cancelled()) {
      job().yield();
    }
  }

  private void unmarkUnallocated() throws BlockException {
    long at = 0;
    while (at < length) {
      job().pausePoint();
      if (job().cancelled()) {
        return;
      }
      at += copy.unmarkUnallocated(at);
    }
    copy.allLookedAt();
  }

  private void copyAll() throws BlockException {
    long cursor = 0;
    while (true) {
      if (!failures.isEmpty()) {
        judgeFailure();
        cursor = 0;
      }
      job().rateSleep();
      if (job().cancelled()) {
        return;
      }
      long at = copy.nextMarked(cursor);
      if (at >= 0 && job().steps().usedUp()) {
        workers.awaitAll();
        job().steps().hold();
      } else if (at >= 0) {
        cursor = at + start(at);
      } else if (cursor > 0) {
        workers.awaitAll();
        copy.awaitCopies();
        cursor = 0;
      } else if (failures.isEmpty()) {
        return;
      }
    }
  }

  private long start(long offset) {
    long most = options.performance().maxChunk();
    long step = job().steps().most();
    long bytes = copy.pieceAt(offset, most == 0 ? Long.MAX_VALUE : most);
    if (step < bytes) {
      bytes = Align.up(step, copy.cluster());
    }
    job().steps().taken(bytes);
    return begin(offset, bytes);
  }

  private long begin(long offset, long bytes) {
    long unused = job().rateDelay(bytes);
    workers.submit(() -> {
      if (!failures.isEmpty()) {
        return;
      }
      try {
        long copied = copy.copyOnce(offset, bytes);
        assert copied <= bytes;
      } catch (CopyFailure failed) {
        failures.add(failed);
      }
    });
    return bytes;
  }

  /** The first failure decides; what is under way ends before. */
  private void judgeFailure() throws BlockException {
    workers.awaitAll();
    CopyFailure first = failures.poll();
    failures.clear();
    if (first == null) {
      return;
    }
    ErrorAction action =
        job()
            .errorAction(
                options.common().onError(first.read()), first.read(), first.error().errno());
    if (action == ErrorAction.REPORT) {
      throw BlockException.io(first.error().errno());
    }
  }

  // ---- the lane -------------------------------------------------------------------------------

  @Override
  public boolean copying() {
    return workers.inFlight() > 0;
  }

  @Override
  public void awaitCopies() {
    workers.awaitAll();
  }

  @Override
  public void checkpoint() throws BlockException {
    if (options.sync() != SyncMode.NONE) {
      BlockJobBody.super.checkpoint();
    }
    copy.markAll();
  }

  @Override
  public boolean cancel(boolean force) {
    GivesUpWaiting.in(options.target());
    return true;
  }

  @Override
  public boolean endsInCancel() {
    return true;
  }

  @Override
  public void commit() {
    if (bitmap != null) {
      bitmap.finish(true, copy.left());
    }
  }

  @Override
  public void abort() {
    if (bitmap != null) {
      bitmap.finish(false, copy.left());
    }
  }

  @Override
  public void clean() {
    filter.removeAfter(job()::removeNodes);
  }

  /** What the engine does as the job's progress. */
  private record ShownProgress(Progress progress) implements BlockCopy.Meter {
    @Override
    public void done(long bytes) {
      progress.done(bytes);
    }

    @Override
    public void setRemaining(long bytes) {
      progress.setRemaining(bytes);
    }
  }
}
