// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Host ranges that no table of the image refers to any more, but whose refcounts still stand: until
 * the tables without them are on disk, and until no request in flight can touch them. A crash in
 * between leaks them, nothing worse. Guarded by the metadata lock.
 */
final class FreedClusters {
  /**
   * A freed range.
   *
   * @param sequence grows with each range; tells what was freed before a write-back began
   * @param discard whether the range is to be discarded in the file
   */
  record Range(long sequence, long epoch, long offset, long bytes, boolean discard) {}

  /** So many ranges or bytes call for a write-back that gives them back. */
  static final int MANY_RANGES = 4096;

  static final long MANY_BYTES = 256L << 20;

  private final RequestEpochs epochs;
  private final Deque<Range> ranges = new ArrayDeque<>();
  private long sequence;
  private long bytes;
  private int rangesLimit = MANY_RANGES;
  private long bytesLimit = MANY_BYTES;
  private volatile boolean many;

  FreedClusters(RequestEpochs epochs) {
    this.epochs = epochs;
  }

  /** Notes a freed range. */
  void add(long offset, long length, boolean discard) {
    long epoch = epochs.now();
    Range last = ranges.peekLast();
    sequence++;
    if (last != null
        && last.offset + last.bytes == offset
        && last.epoch == epoch
        && last.discard == discard) {
      ranges.removeLast();
      ranges.addLast(new Range(sequence, epoch, last.offset, last.bytes + length, discard));
    } else {
      ranges.addLast(new Range(sequence, epoch, offset, length, discard));
    }
    count(length);
  }

  /** Everything freed so far has a sequence up to this. */
  long mark() {
    return sequence;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Whether a write-back is called for; without the lock. */
  boolean many() {
    return many;
  }

  private void count(long change) {
    bytes += change;
    many = ranges.size() >= rangesLimit || bytes >= bytesLimit;
  }

  /** Takes out what was freed up to {@code mark} and has no users left. */
  List<Range> take(long mark) {
    epochs.tryAdvance();
    epochs.tryAdvance();
    List<Range> taken = new ArrayList<>();
    for (Range first = ranges.peekFirst();
        first != null && first.sequence <= mark && epochs.ended(first.epoch);
        first = ranges.peekFirst()) {
      taken.add(ranges.removeFirst());
      count(-first.bytes);
    }
    // What long requests hold back must not cause a write-back for each further request.
    rangesLimit = Math.max(MANY_RANGES, 2 * ranges.size());
    bytesLimit = Math.max(MANY_BYTES, 2 * bytes);
    count(0);
    return taken;
  }
}
