// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * Keeps the stored form of a node's persistent bitmaps true while they change: the bits of a write
 * are stored before the write begins, and taken away only when the bitmap has lost them and no
 * request in flight could set them again. So a kill leaves all bits of completed writes, and
 * perhaps some more.
 *
 * <p>{@link #before} and {@link #after} from any thread; the rest on the control lane.
 *
 * <p>The race that matters: {@link #settle} takes bits away while a write, which has looked at the
 * bits before that, is under way. A write is known to the tracker before it looks; settling first
 * makes all later writes wait, then asks the tracker, then reads the bitmaps. So a write is either
 * seen in flight, or has marked the bitmaps, or has not yet looked.
 */
public final class BitmapJournal {
  private static final int WORDS_AT_ONCE = 8192;

  /** A bitmap as it is stored; {@code stored} changes under the lock and is read without it. */
  private record Slot(LiveBitmaps.Live form, boolean follows, AtomicLongArray stored) {
    long shift() {
      return Long.numberOfTrailingZeros(form.granularity());
    }

    boolean knows(long offset, long bytes) {
      long end = Math.min(offset + bytes, form.length());
      if (!follows || bytes <= 0 || offset >= end) {
        return true;
      }
      long last = (end - 1) >> shift();
      for (long bit = offset >> shift(); bit <= last; bit = ((bit >> 6) + 1) << 6) {
        long mask = Bits.maskWithin(bit, last);
        if ((stored.get((int) (bit >> 6)) & mask) != mask) {
          return false;
        }
      }
      return true;
    }
  }

  private final BlockNode node;
  private final LiveBitmaps store;
  private final Consumer<String> report;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile List<Slot> slots = List.of();
  private volatile boolean settling;
  private volatile boolean unflushed;

  /** Whether the last settling failed, so that what is stored is not known to be right. */
  private boolean doubtful;

  /**
   * A journal of nothing; {@link #settle} begins it.
   *
   * @param report prints a line on standard error
   */
  public BitmapJournal(BlockNode node, LiveBitmaps store, Consumer<String> report) {
    this.node = node;
    this.store = store;
    this.report = report;
  }

  /** The journal of a node, or null. */
  public static @Nullable BitmapJournal of(BlockNode node) {
    return node.io().marks().journal();
  }

  /** Lets this journal see the writes of its node; nothing is in flight. */
  public void attach() {
    node.io().marks().setJournal(this);
  }

  /** The opposite of {@link #attach}. */
  public static void detach(BlockNode node) {
    node.io().marks().setJournal(null);
  }

  /** Bitmaps of the node have changed other than by writes. */
  public static void changed(BlockNode node) {
    node.io().marks().settle();
  }

  // ---- writes ---------------------------------------------------------------------------------

  /** A write is about to begin, and the tracker knows it; when this fails it must not. */
  void before(long offset, long bytes) throws BlockException {
    if (settling || !knows(offset, bytes)) {
      lock.lock();
      try {
        add(offset, bytes);
      } finally {
        lock.unlock();
      }
    }
  }

  /** A write has ended and marked the bitmaps; one of them may record only since it began. */
  void after(long offset, long bytes) {
    try {
      before(offset, bytes);
    } catch (BlockException failed) {
      report.accept(
          "Lost bits of persistent bitmaps of '%s': %s"
              .formatted(node.displayName(), failed.message()));
    }
  }

  private boolean knows(long offset, long bytes) {
    for (Slot slot : slots) {
      if (!slot.knows(offset, bytes)) {
        return false;
      }
    }
    return true;
  }

  private void add(long offset, long bytes) throws BlockException {
    List<Slot> all = slots;
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).knows(offset, bytes)) {
        add(i, all.get(i), offset, bytes);
      }
    }
  }

  private void add(int index, Slot slot, long offset, long bytes) throws BlockException {
    long end = Math.min(offset + bytes, slot.form.length());
    long last = (end - 1) >> slot.shift();
    int from = (int) (offset >> slot.shift() >> 6);
    long[] words = new long[(int) (last >> 6) - from + 1];
    for (long bit = offset >> slot.shift(); bit <= last; bit = ((bit >> 6) + 1) << 6) {
      int word = (int) (bit >> 6);
      words[word - from] = slot.stored.get(word) | Bits.maskWithin(bit, last);
    }
    unflushed = true;
    write(index, from, words);
    for (int i = 0; i < words.length; i++) {
      slot.stored.set(from + i, words[i]);
    }
  }

  private void write(int index, int from, long[] words) throws BlockException {
    for (int at = 0; at < words.length; at += WORDS_AT_ONCE) {
      int end = Math.min(at + WORDS_AT_ONCE, words.length);
      store.writeWords(index, Arrays.copyOfRange(words, at, end), from + at);
    }
  }

  /** Stable storage gets the bits before it gets the data. */
  void flush() throws BlockException {
    if (unflushed) {
      unflushed = false;
      try {
        store.flushWords();
      } catch (BlockException failed) {
        unflushed = true;
        throw failed;
      }
    }
  }

  // ---- changes of bitmaps ---------------------------------------------------------------------

  /** Stores what the bitmaps are now; what fails is reported and tried again the next time. */
  void settleOrReport() {
    try {
      settle();
    } catch (BlockException failed) {
      report.accept(
          "Failed to store persistent bitmaps of '%s': %s"
              .formatted(node.displayName(), failed.message()));
    }
  }

  /** Stores what the bitmaps are now. */
  public void settle() throws BlockException {
    lock.lock();
    try {
      settling = true;
      List<long[]> changing = node.io().tracker().changing();
      List<Slot> next = new ArrayList<>();
      for (DirtyBitmap bitmap : node.bitmaps()) {
        if (bitmap.persistent() && !bitmap.inconsistent()) {
          next.add(slot(bitmap, changing));
        }
      }
      boolean before = doubtful;
      doubtful = true;
      if (before || !sameForms(next)) {
        store.storeLive(next.stream().map(Slot::form).toList());
      } else {
        writeDifferences(next);
      }
      slots = List.copyOf(next);
      doubtful = false;
    } finally {
      settling = false;
      lock.unlock();
    }
  }

  private static Slot slot(DirtyBitmap bitmap, List<long[]> changing) {
    DirtyBitmap successor = bitmap.successor();
    boolean enabled = bitmap.recording() || bitmap.markedAbove();
    DirtyBitmap all = new DirtyBitmap(null, bitmap.granularity(), bitmap.length());
    all.restore(bitmap.bits());
    if (successor != null) {
      all.merge(successor);
    }
    for (long[] range : changing) {
      if (enabled) {
        all.set(range[0], range[1]);
      }
    }
    long[] words = all.bits();
    String name = String.valueOf(bitmap.name());
    LiveBitmaps.Live form =
        new LiveBitmaps.Live(name, bitmap.granularity(), bitmap.length(), enabled, words);
    return new Slot(form, enabled, new AtomicLongArray(words));
  }

  private boolean sameForms(List<Slot> next) {
    List<Slot> now = slots;
    if (next.size() != now.size()) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      if (!next.get(i).form.sameForm(now.get(i).form)) {
        return false;
      }
    }
    return true;
  }

  private void writeDifferences(List<Slot> next) throws BlockException {
    for (int i = 0; i < next.size(); i++) {
      AtomicLongArray old = slots.get(i).stored;
      long[] words = next.get(i).form.words();
      for (int at = 0; at < words.length; ) {
        int end = at;
        while (end < words.length && words[end] != old.get(end)) {
          end++;
        }
        if (end > at) {
          unflushed = true;
          write(i, at, Arrays.copyOfRange(words, at, end));
        }
        at = end + 1;
      }
    }
  }
}
