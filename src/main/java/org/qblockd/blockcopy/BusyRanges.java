// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ranges that are being copied, each by one thread: whoever wants an overlapping one waits. Ranges
 * are few (as many as copies in flight), so a list is enough. Any thread; nobody takes a second
 * range while holding one, so nobody waits in a circle.
 */
public final class BusyRanges {
  /** A range that is held; made by {@link #take}. */
  public static final class Range {
    private final long offset;
    private final long end;
    private @Nullable Range next;
    private @Nullable Range previous;

    private Range(long offset, long end) {
      this.offset = offset;
      this.end = end;
    }

    /** Where it begins, in bytes. */
    public long offset() {
      return offset;
    }

    /** How long it is, in bytes. */
    public long bytes() {
      return end - offset;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private @Nullable Range first;
  private int waiting;

  /** Holds the range as soon as nobody holds an overlapping one. */
  public Range take(long offset, long bytes) {
    Range range = new Range(offset, offset + bytes);
    lock.lock();
    try {
      waiting++;
      while (overlaps(range)) {
        released.awaitUninterruptibly();
      }
      waiting--;
      link(range);
    } finally {
      lock.unlock();
    }
    return range;
  }

  /** Lets the range go. */
  public void release(Range range) {
    lock.lock();
    try {
      unlink(range);
      if (waiting > 0) {
        released.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nobody holds a range that overlaps. */
  public void awaitFree(long offset, long bytes) {
    release(take(offset, bytes));
  }

  private boolean overlaps(Range wanted) {
    for (Range range = first; range != null; range = range.next) {
      if (range.offset < wanted.end && wanted.offset < range.end) {
        return true;
      }
    }
    return false;
  }

  private void link(Range range) {
    range.next = first;
    if (first != null) {
      first.previous = range;
    }
    first = range;
  }

  private void unlink(Range range) {
    if (range.previous == null) {
      first = range.next;
    } else {
      range.previous.next = range.next;
    }
    if (range.next != null) {
      range.next.previous = range.previous;
    }
  }
}
