// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * What remembers which parts of a node were written: dirty bitmaps, their journal, the highest
 * write, the threshold. Any thread.
 */
final class WriteMarks {
  private final RequestTracker tracker;
  private final BitmapList bitmaps = new BitmapList();
  private volatile long highestWrite;
  private volatile @Nullable WriteThreshold threshold;
  private volatile @Nullable BitmapJournal journal;

  WriteMarks(RequestTracker tracker) {
    this.tracker = tracker;
  }

  BitmapList bitmaps() {
    return bitmaps;
  }

  long highestWrite() {
    return highestWrite;
  }

  @Nullable WriteThreshold threshold() {
    return threshold;
  }

  void setThreshold(@Nullable WriteThreshold newThreshold) {
    threshold = newThreshold;
  }

  @Nullable BitmapJournal journal() {
    return journal;
  }

  void setJournal(@Nullable BitmapJournal newJournal) {
    journal = newJournal;
  }

  /** Counts a request in that may change its range, and lets the journal know first. */
  RequestTracker.Tracked begin(long offset, long bytes) throws BlockException {
    RequestTracker.Tracked request = tracker.begin(offset, bytes, true);
    BitmapJournal current = journal;
    if (current != null) {
      tracker.markChanging(request);
      try {
        current.before(offset, bytes);
      } catch (BlockException failed) {
        tracker.end(request);
        throw failed;
      }
    }
    return request;
  }

  /** A write has ended, and may have failed after a part. */
  void written(long offset, long bytes) {
    long end = offset + bytes;
    WriteThreshold current = threshold;
    if (current != null) {
      threshold = current.after(end);
    }
    if (end > highestWrite) {
      highestWrite = end;
    }
    discarded(offset, bytes);
  }

  /** A discard has ended, and may have failed after a part. */
  void discarded(long offset, long bytes) {
    bitmaps.mark(offset, bytes);
    BitmapJournal current = journal;
    if (current != null) {
      current.after(offset, bytes);
    }
  }

  /** Before the driver brings data to stable storage. */
  void flush() throws BlockException {
    BitmapJournal current = journal;
    if (current != null) {
      current.flush();
    }
  }

  /** The node has another length. */
  void resize(long length) {
    bitmaps.resize(length);
    settle();
  }

  /** Bitmaps have changed other than by writes. */
  void settle() {
    BitmapJournal current = journal;
    if (current != null) {
      current.settleOrReport();
    }
  }
}
