// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Align;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.blockcopy.BusyRanges;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.CopyMode;

/**
 * What the filter over the source and the mirror's body share: what is dirty, what is being copied,
 * how writes are treated. Any thread.
 *
 * <p>No update is lost: a write marks its range dirty after it has reached the source; a copy
 * clears the marks before it reads. So a write that a copy has not seen is marked after the copy
 * cleared.
 */
final class MirrorState {
  /** A request of the mirror that failed. */
  record Failure(boolean read, Errno errno) {}

  /** Granules of the source that differ from the target. */
  final DirtyBitmap dirty;

  /** What is being copied now, in the background or by a write. */
  final BusyRanges ranges = new BusyRanges();

  /** Failed requests that the body has not judged yet. */
  final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();

  /** Bytes that background copies and writes are copying now. */
  final AtomicLong bytesInFlight = new AtomicLong();

  /** The user's bitmap that says what is copied, or null. */
  final @Nullable MirrorBitmap bitmap;

  private volatile @Nullable Child target;

  /** Bytes below which a target that has its backing file yet to get cannot be written, or 0. */
  final long wholeClusters;

  final boolean unmap;
  private volatile CopyMode copyMode;
  private volatile boolean copyingStarted;
  private volatile boolean stopped;
  private volatile boolean activelySynced;
  private volatile boolean bodySleeps;
  private volatile boolean everFailed;
  private volatile @Nullable BlockJob job;

  MirrorState(
      DirtyBitmap dirty,
      @Nullable MirrorBitmap bitmap,
      long wholeClusters,
      boolean unmap,
      CopyMode copyMode) {
    this.dirty = dirty;
    this.bitmap = bitmap;
    this.wholeClusters = wholeClusters;
    this.unmap = unmap;
    this.copyMode = copyMode;
  }

  void setJob(BlockJob newJob) {
    job = newJob;
  }

  /** The filter sees all writes; what the user's bitmap says is to be copied. Control lane. */
  void beginBitmap() {
    if (bitmap != null) {
      bitmap.begin(dirty);
    }
  }

  /** No write is under way: the user's bitmap learns what is left. Control lane. */
  void finishBitmap(boolean success) {
    if (bitmap != null) {
      bitmap.finish(success, dirty);
    }
  }

  void setTarget(Child edge) {
    target = edge;
  }

  /** The edge to the target; known before the job starts. */
  Child target() {
    Child edge = target;
    if (edge == null) {
      throw new IllegalStateException("no target yet");
    }
    return edge;
  }

  /** From now on writes may be copied at once; before, the target is still being zeroed. */
  void startCopying() {
    copyingStarted = true;
  }

  /** The mirror is over: writes are neither copied nor marked. */
  void stop() {
    stopped = true;
  }

  boolean stopped() {
    return stopped;
  }

  /** Whether a write that begins now is to reach the target before it completes. */
  boolean copiesWrites() {
    BlockJob current = job;
    return copyMode == CopyMode.WRITE_BLOCKING
        && copyingStarted
        && !stopped
        && current != null
        && !current.cancelled();
  }

  CopyMode copyMode() {
    return copyMode;
  }

  boolean activelySynced() {
    return activelySynced;
  }

  /** Everything is in step, and every write will be. */
  void synced() {
    activelySynced = copyMode == CopyMode.WRITE_BLOCKING;
    if (dirty.dirtyBytes() > 0) {
      activelySynced = false;
    }
  }

  void changeCopyMode(CopyMode wanted) throws BlockException {
    if (wanted == copyMode) {
      return;
    }
    if (wanted != CopyMode.WRITE_BLOCKING) {
      throw BlockException.invalid(
          "Change to copy mode '" + wanted.wireName() + "' is not implemented");
    }
    copyMode = wanted;
  }

  /** A write has changed the source, or has failed halfway. */
  void markDirty(long offset, long bytes) {
    if (stopped) {
      return;
    }
    dirty.set(offset, bytes);
    activelySynced = false;
    wake();
  }

  /** A write has reached the target as well. */
  void copied(long bytes) {
    BlockJob current = job;
    if (current != null) {
      current.progress().increaseRemaining(bytes);
      current.progress().done(bytes);
    }
  }

  void failed(boolean read, Errno errno) {
    activelySynced = false;
    everFailed = true;
    failures.add(new Failure(read, errno));
    wake();
  }

  /** Whether any request of the mirror has failed so far. */
  boolean everFailed() {
    return everFailed;
  }

  /** The body is about to sleep until a write comes; it looks at the bitmap after this. */
  void bodySleeps(boolean value) {
    bodySleeps = value;
  }

  private void wake() {
    BlockJob current = job;
    if (bodySleeps && current != null) {
      bodySleeps = false;
      current.kick();
    }
  }

  /** Takes the range of a write that is to be copied at once, widened to whole granules. */
  BusyRanges.Range takeForWrite(long offset, long bytes) {
    long granularity = dirty.granularity();
    long start = Align.down(offset, granularity);
    return ranges.take(start, Align.up(offset + bytes, granularity) - start);
  }

  /** Whether a write can go to the target as it is, without filling up clusters. */
  boolean fitsTarget(long offset, long bytes) {
    return wholeClusters == 0
        || (Align.is(offset, wholeClusters) && Align.is(bytes, wholeClusters));
  }

  /**
   * Clears the marks of the granules that a write covers entirely, before it reaches the source.
   */
  void clearCovered(long offset, long bytes) {
    long granularity = dirty.granularity();
    long start = Align.up(offset, granularity);
    long end =
        offset + bytes >= dirty.length() ? dirty.length() : Align.down(offset + bytes, granularity);
    if (end > start) {
      dirty.clear(start, end - start);
    }
  }
}
