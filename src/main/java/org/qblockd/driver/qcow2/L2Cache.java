// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * The L2 slices in memory, bounded. A lookup that hits takes no lock; one that misses reads the
 * slice under a lock of its own (one of a few, by slice number), and takes the metadata lock only
 * to put it in. Nothing dirty is evicted: the write-back keeps the number of dirty slices small.
 */
final class L2Cache {
  private static final int LOADERS = 16;
  private static final int MIN_SLICES = 8;

  /** So many dirty slices call for a write-back; also bounds the copies it makes (4 KiB each). */
  static final int MANY_DIRTY = 512;

  private final ImageState image;
  private final L1Table l1;
  private final ConcurrentHashMap<Long, L2Slice> slices = new ConcurrentHashMap<>();
  private final ReentrantLock[] loaders = new ReentrantLock[LOADERS];

  /** Tables made since the last write-back: zero on disk only after it. */
  private final Set<Long> fresh = ConcurrentHashMap.newKeySet();

  private final List<L2Slice> dirty = new ArrayList<>();
  private volatile boolean manyDirty;
  private Iterator<L2Slice> hand = slices.values().iterator();

  L2Cache(ImageState image, L1Table l1) {
    this.image = image;
    this.l1 = l1;
    for (int i = 0; i < LOADERS; i++) {
      loaders[i] = new ReentrantLock();
    }
  }

  /** The slice, read if necessary; null where there is no L2 table. Not under the metadata lock. */
  @Nullable L2Slice get(long index) throws BlockException {
    L2Slice slice = slices.get(index);
    if (slice != null) {
      slice.touch();
      return slice;
    }
    if (l1.tableOffset(image.geometry().l1IndexOfSlice(index)) == 0) {
      return null;
    }
    return load(index);
  }

  /** The slice if it is in memory. */
  @Nullable L2Slice peek(long index) {
    return slices.get(index);
  }

  private @Nullable L2Slice load(long index) throws BlockException {
    ReentrantLock loader = loaders[(int) (index % LOADERS)];
    loader.lock();
    try {
      while (true) {
        L2Slice present = slices.get(index);
        int l1Index = image.geometry().l1IndexOfSlice(index);
        long entry = l1.get(l1Index);
        long table = l1.tableOffset(l1Index);
        if (present != null || table == 0) {
          return present;
        }
        L2Slice read = read(index, table);
        if (insert(read, l1Index, entry)) {
          return read;
        }
      }
    } finally {
      loader.unlock();
    }
  }

  private L2Slice read(long index, long table) throws BlockException {
    Geometry geometry = image.geometry();
    long offset = table + geometry.sliceOffsetInTable(index);
    long[] entries = new long[geometry.sliceBytes() / Long.BYTES];
    if (!fresh.contains(table)) {
      ByteBuffer raw = ByteBuffer.allocate(geometry.sliceBytes());
      image.file().event("l2_load");
      image.file().read(offset, raw);
      raw.clear().asLongBuffer().get(entries);
    }
    return new L2Slice(index, offset, entries, geometry.extended());
  }

  /** Puts a slice in, unless the L1 entry has changed since it was read. */
  private boolean insert(L2Slice slice, int l1Index, long entry) {
    image.lock().lock();
    try {
      if ((l1.get(l1Index) & Format.OFFSET_MASK) != (entry & Format.OFFSET_MASK)) {
        return false;
      }
      evict();
      slices.put(slice.index, slice);
      return true;
    } finally {
      image.lock().unlock();
    }
  }

  private int maxSlices() {
    long limit = image.options().l2CacheBytes() / image.geometry().sliceBytes();
    return (int) Math.max(MIN_SLICES, Math.min(limit, Integer.MAX_VALUE));
  }

  /** One round of the clock at most; when all are dirty or in use the cache grows a little. */
  private void evict() {
    int steps = slices.size();
    int maxSlices = maxSlices();
    while (slices.size() >= maxSlices && steps-- > 0) {
      if (!hand.hasNext()) {
        hand = slices.values().iterator();
        if (!hand.hasNext()) {
          return;
        }
      }
      L2Slice slice = hand.next();
      if (slice.evictable() && !slice.takeRecent()) {
        slices.remove(slice.index, slice);
      }
    }
  }

  // ---- under the metadata lock ----------------------------------------------------------------

  /** A new table begins as zeroes, before they are on disk. */
  void addFresh(long table) {
    fresh.add(table);
  }

  List<Long> freshTables() {
    return List.copyOf(fresh);
  }

  /** The table's zeroes are on disk. */
  void noLongerFresh(long table) {
    fresh.remove(table);
  }

  /** Forgets the slices of an L2 table that was replaced; they are not dirty. */
  void forgetTable(int l1Index) {
    int perTable = 1 << (image.geometry().l2Bits() - image.geometry().sliceBits());
    long first = (long) l1Index * perTable;
    for (int i = 0; i < perTable; i++) {
      slices.remove(first + i);
    }
  }

  /** Changes an entry; whatever it refers to is complete before. */
  void set(L2Slice slice, int at, L2Entry entry) {
    if (!slice.dirty()) {
      dirty.add(slice);
      manyDirty = dirty.size() >= MANY_DIRTY;
    }
    slice.set(at, entry);
  }

  /** Whether a write-back is called for; without the lock. */
  boolean manyDirty() {
    return manyDirty;
  }

  boolean hasDirty() {
    return !dirty.isEmpty() || !fresh.isEmpty();
  }

  /** The dirty slices in file order; the caller captures them. */
  List<L2Slice> takeDirty() {
    List<L2Slice> taken = new ArrayList<>(dirty);
    dirty.clear();
    manyDirty = false;
    taken.sort((a, b) -> Long.compare(a.hostOffset, b.hostOffset));
    return taken;
  }

  /** A captured slice was written, or is dirty again. */
  void written(L2Slice slice, boolean success) {
    boolean listed = slice.dirty();
    slice.written(success);
    if (!success && !listed) {
      dirty.add(slice);
    }
  }
}
