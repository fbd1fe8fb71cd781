// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;

/**
 * Which granules of a node were written. Two levels of bits, so that looking for the next dirty
 * granule of a large disk is cheap. Any thread; the object is its own lock.
 */
public final class DirtyBitmap {
  private @Nullable String name;
  private final int granularityShift;
  private long length;
  private long[] words;
  private long[] summary;
  private long dirtyGranules;
  private boolean enabled = true;
  private boolean busy;
  private boolean persistent;
  private boolean readOnly;
  private boolean inconsistent;
  private boolean keptInUse;
  private boolean markedAbove;
  private @Nullable DirtyBitmap successor;

  /**
   * An empty, enabled bitmap.
   *
   * @param name the name, or null for one that only the server sees
   * @param granularity bytes per bit, a power of two from 512
   * @param length bytes of the node
   */
  public DirtyBitmap(@Nullable String name, long granularity, long length) {
    if (granularity < 512 || Long.bitCount(granularity) != 1) {
      throw new IllegalArgumentException("granularity " + granularity);
    }
    this.name = name;
    this.granularityShift = Long.numberOfTrailingZeros(granularity);
    this.length = length;
    int count = wordsFor(length);
    words = new long[count];
    summary = new long[(count + 63) / 64];
  }

  /** The name, or null. */
  public synchronized @Nullable String name() {
    return name;
  }

  /** Gives the bitmap another name, or none. */
  synchronized void rename(@Nullable String newName) {
    name = newName;
  }

  /** Bytes per bit. */
  public long granularity() {
    return 1L << granularityShift;
  }

  /** Bytes of the node. */
  public synchronized long length() {
    return length;
  }

  /** Dirty bytes: granules times granularity, the last one cut at the end of the node. */
  public synchronized long dirtyBytes() {
    return dirtyGranules << granularityShift;
  }

  /** Whether writes are recorded. */
  public synchronized boolean enabled() {
    return enabled;
  }

  /** Records writes or does not. */
  public synchronized void setEnabled(boolean value) {
    enabled = value;
  }

  /** Whether a job or an export uses the bitmap. */
  public synchronized boolean busy() {
    return busy;
  }

  /** Tells that a job or an export uses the bitmap, or no longer does. */
  public synchronized void setBusy(boolean value) {
    busy = value;
  }

  /** Whether the image keeps the bitmap when it is closed. */
  public synchronized boolean persistent() {
    return persistent;
  }

  /** Tells whether the image keeps the bitmap. */
  public synchronized void setPersistent(boolean value) {
    persistent = value;
  }

  /** Whether it was loaded from an image that is not writable: it must not change then. */
  public synchronized boolean readOnly() {
    return readOnly;
  }

  /** Tells whether the bitmap must not change. */
  public synchronized void setReadOnly(boolean value) {
    readOnly = value;
  }

  /** Whether the image was not closed since its bits were stored, so that they are not known. */
  public synchronized boolean inconsistent() {
    return inconsistent;
  }

  /** Whether the image keeps it marked as in use when it is closed, as a crash would. */
  public synchronized boolean keptInUse() {
    return keptInUse;
  }

  /** Tells whether closing the image leaves the bitmap as a crash would. */
  public synchronized void setKeptInUse(boolean value) {
    keptInUse = value;
  }

  /** The bits are not known and never will be. */
  public synchronized void setInconsistent() {
    inconsistent = true;
    enabled = false;
  }

  /** The bitmap that records in place of this one while a job reads this one, or null. */
  public synchronized @Nullable DirtyBitmap successor() {
    return successor;
  }

  synchronized void setSuccessor(@Nullable DirtyBitmap bitmap) {
    successor = bitmap;
  }

  /** Whether not the node itself marks what is written, but a job's filter above it. */
  public synchronized boolean markedAbove() {
    return markedAbove;
  }

  /** Tells who marks what is written. */
  public synchronized void setMarkedAbove(boolean value) {
    markedAbove = value;
  }

  /** Whether writes are recorded, here or by the successor. */
  public boolean recording() {
    DirtyBitmap child = successor();
    return enabled() || (child != null && child.enabled());
  }

  /** Records a write, if the bitmap is enabled. */
  public synchronized void mark(long offset, long bytes) {
    if (enabled) {
      set(offset, bytes);
    }
  }

  /** Sets the bits of every granule that the range touches. */
  public synchronized void set(long offset, long bytes) {
    if (bytes <= 0 || offset >= length) {
      return;
    }
    long last = (Math.min(offset + bytes, length) - 1) >> granularityShift;
    for (long bit = offset >> granularityShift; bit <= last; bit = ((bit >> 6) + 1) << 6) {
      int word = (int) (bit >> 6);
      long mask = Bits.maskWithin(bit, last);
      dirtyGranules += Long.bitCount(mask & ~words[word]);
      words[word] |= mask;
      summary[word >> 6] |= 1L << (word & 63);
    }
  }

  /** Clears the bits of every granule that the range touches. */
  public synchronized void clear(long offset, long bytes) {
    if (bytes <= 0 || offset >= length) {
      return;
    }
    long last = (Math.min(offset + bytes, length) - 1) >> granularityShift;
    for (long bit = offset >> granularityShift; bit <= last; bit = ((bit >> 6) + 1) << 6) {
      int word = (int) (bit >> 6);
      long mask = Bits.maskWithin(bit, last);
      dirtyGranules -= Long.bitCount(mask & words[word]);
      words[word] &= ~mask;
      if (words[word] == 0) {
        summary[word >> 6] &= ~(1L << (word & 63));
      }
    }
  }

  /** Whether the granule at {@code offset} is dirty. */
  public synchronized boolean isDirty(long offset) {
    long bit = offset >> granularityShift;
    return offset < length && (words[(int) (bit >> 6)] & (1L << (bit & 63))) != 0;
  }

  /** The offset of the first dirty granule at or after {@code offset}, or -1. */
  public synchronized long nextDirty(long offset) {
    return next(offset, length, true);
  }

  /** The offset of the first clean granule at or after {@code offset}, or -1. */
  public synchronized long nextClean(long offset) {
    return next(offset, length, false);
  }

  /**
   * Bytes from {@code offset}, which is dirty, to the next clean granule, the end or {@code max}.
   */
  public synchronized long dirtyRun(long offset, long max) {
    long limit = Math.min(length, offset + max);
    long clean = next(offset, limit, false);
    return (clean < 0 ? limit : clean) - offset;
  }

  /** Makes all bits clean. */
  public void clearAll() {
    clear(0, length());
  }

  /**
   * The bits, 64 granules a word, the first granule in the lowest bit; a copy. Stored bytes and
   * checksums are these words, the lowest byte first.
   */
  public synchronized long[] bits() {
    return words.clone();
  }

  /** Replaces all bits by those of {@link #bits} of a bitmap of the same form. */
  public synchronized void restore(long[] bits) {
    words = bits.clone();
    summary = new long[summary.length];
    dirtyGranules = 0;
    for (int word = 0; word < words.length; word++) {
      if (words[word] != 0) {
        dirtyGranules += Long.bitCount(words[word]);
        summary[word >> 6] |= 1L << (word & 63);
      }
    }
  }

  /**
   * Adds all bits of {@code other}, which has the same length; granules that it touches in part
   * become dirty.
   */
  public void merge(DirtyBitmap other) {
    for (long at = other.nextDirty(0); at >= 0; ) {
      long run = other.dirtyRun(at, Long.MAX_VALUE - at);
      set(at, run);
      at = other.nextDirty(at + run);
    }
  }

  /** Changes the length; bits beyond a shorter end are dropped, new ones are clean. */
  public synchronized void resize(long newLength) {
    if (newLength < length) {
      long keep = Align.up(newLength, granularity());
      clear(keep, length - keep);
    }
    int count = wordsFor(newLength);
    words = java.util.Arrays.copyOf(words, count);
    summary = java.util.Arrays.copyOf(summary, (count + 63) / 64);
    length = newLength;
  }

  private int wordsFor(long bytes) {
    long granules = (bytes + granularity() - 1) >> granularityShift;
    return Math.max(1, Math.toIntExact((granules + 63) >> 6));
  }

  private long next(long offset, long limit, boolean dirty) {
    if (offset >= limit) {
      return -1;
    }
    long bit = offset >> granularityShift;
    int word = (int) (bit >> 6);
    long candidates = (dirty ? words[word] : ~words[word]) & (-1L << (bit & 63));
    while (candidates == 0) {
      word = dirty ? nextDirtyWord(word + 1) : word + 1;
      if (word < 0 || word >= words.length) {
        return -1;
      }
      candidates = dirty ? words[word] : ~words[word];
    }
    long found = (((long) word << 6) + Long.numberOfTrailingZeros(candidates)) << granularityShift;
    found = Math.max(found, offset);
    return found < limit ? found : -1;
  }

  private int nextDirtyWord(int from) {
    int block = from >> 6;
    if (block >= summary.length) {
      return -1;
    }
    long bits = summary[block] & (-1L << (from & 63));
    while (bits == 0) {
      block++;
      if (block >= summary.length) {
        return -1;
      }
      bits = summary[block];
    }
    return (block << 6) + Long.numberOfTrailingZeros(bits);
  }
}
