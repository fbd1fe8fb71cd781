// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.DirtyBitmap;

/**
 * Where the old data of each cluster are: still in the source, saved in the target, or lost. Keeps
 * writes off what is just being read from the source. Any thread.
 */
public final class SnapshotView {
  /**
   * A range that may be read.
   *
   * @param bytes how much of what was asked
   * @param saved whether it lies in the target; else it is locked until {@link #done}
   */
  record Part(long offset, long bytes, boolean saved) {}

  private final DirtyBitmap saved;
  private final DirtyBitmap readable;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final List<Part> reads = new ArrayList<>();
  private boolean broken;

  private SnapshotView(DirtyBitmap saved, DirtyBitmap readable) {
    this.saved = saved;
    this.readable = readable;
  }

  /** Nothing is saved yet, and what is marked to be copied can be read. */
  public static SnapshotView of(int cluster, long length, DirtyBitmap marked) {
    DirtyBitmap saved = new DirtyBitmap(null, cluster, length);
    saved.setEnabled(false);
    DirtyBitmap readable = new DirtyBitmap(null, cluster, length);
    readable.setEnabled(false);
    readable.merge(marked);
    return new SnapshotView(saved, readable);
  }

  /** What was copied because of a write. */
  public DirtyBitmap saved() {
    return saved;
  }

  /** What may be read. */
  public DirtyBitmap readable() {
    return readable;
  }

  boolean broken() {
    lock.lock();
    try {
      return broken;
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing can be read. */
  void breakNow(long offset, long bytes) {
    lock.lock();
    try {
      broken = true;
      awaitReads(offset, bytes);
    } finally {
      lock.unlock();
    }
  }

  /** The range was copied; waits until nobody reads the original. */
  void save(long offset, long bytes) {
    lock.lock();
    try {
      saved.set(offset, bytes);
      awaitReads(offset, bytes);
    } finally {
      lock.unlock();
    }
  }

  private void awaitReads(long offset, long bytes) {
    while (overlaps(offset, offset + bytes)) {
      released.awaitUninterruptibly();
    }
  }

  private boolean overlaps(long offset, long end) {
    for (Part read : reads) {
      if (read.offset() < end && offset < read.offset() + read.bytes()) {
        return true;
      }
    }
    return false;
  }

  /** The first part of the range, which may be read until {@link #done}; EACCES if it is lost. */
  Part begin(long offset, long bytes) throws BlockException {
    lock.lock();
    try {
      long lost = readable.nextClean(offset);
      if (broken || (lost >= 0 && lost < offset + bytes)) {
        throw BlockException.io(Errno.EACCES);
      }
      if (saved.isDirty(offset)) {
        return new Part(offset, saved.dirtyRun(offset, bytes), true);
      }
      long next = saved.nextDirty(offset);
      Part part = new Part(offset, next < 0 ? bytes : Math.min(bytes, next - offset), false);
      reads.add(part);
      return part;
    } finally {
      lock.unlock();
    }
  }

  /** The part has been read. */
  void done(@Nullable Part part) {
    if (part == null || part.saved()) {
      return;
    }
    lock.lock();
    try {
      removeOne(part);
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void removeOne(Part part) {
    // Equal parts are as good as the very one.
    boolean removed = reads.remove(part);
    assert removed;
  }

  void forget(long offset, long bytes) {
    lock.lock();
    try {
      readable.clear(offset, bytes);
    } finally {
      lock.unlock();
    }
  }
}
