// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;

/**
 * Counts what an L1 table refers to once more or once less, and keeps the mark of the active tables
 * that says what no snapshot shares. Control lane; no request is in flight, all metadata are on
 * disk.
 */
final class SharedTables {
  /** Hears of the clusters that a table or an entry uses. */
  private interface Use {
    void range(long offset, long bytes) throws BlockException;
  }

  private final ImageState image;
  private final RefcountTable refcounts;

  SharedTables(ImageState image, RefcountTable refcounts) {
    this.image = image;
    this.refcounts = refcounts;
  }

  /** One more user for each cluster; when a count would overflow (EINVAL), none is changed. */
  void share(long[] l1Entries) throws BlockException {
    int bits = image.geometry().clusterBits();
    long[] done = {0};
    try {
      each(
          l1Entries,
          (offset, bytes) -> {
            for (long c = offset >>> bits; c <= (offset + bytes - 1) >>> bits; c++) {
              change(c, 1);
              done[0]++;
            }
          });
    } catch (BlockException full) {
      each(
          l1Entries,
          (offset, bytes) -> {
            for (long c = offset >>> bits; c <= (offset + bytes - 1) >>> bits && done[0] > 0; c++) {
              change(c, -1);
              done[0]--;
            }
          });
      throw full;
    }
  }

  private void change(long cluster, int by) throws BlockException {
    image.lock().lock();
    try {
      if (by > 0) {
        refcounts.increment(cluster);
      } else {
        refcounts.decrement(cluster);
      }
    } finally {
      image.lock().unlock();
    }
  }

  /** One user less for each cluster, as soon as the tables are on disk. */
  void unshare(long[] l1Entries, ClusterAllocator allocator) throws BlockException {
    boolean discard = image.options().discards().snapshot();
    each(
        l1Entries,
        (offset, bytes) -> {
          image.lock().lock();
          try {
            allocator.free(offset, bytes, discard);
          } finally {
            image.lock().unlock();
          }
        });
  }

  private void each(long[] l1Entries, Use use) throws BlockException {
    for (long entry : l1Entries) {
      long table = entry & Format.OFFSET_MASK;
      if (table != 0 && image.geometry().aligned(table)) {
        use.range(table, image.geometry().clusterSize());
        long[] entries = read(table);
        for (int i = 0; i < entries.length; i += step()) {
          used(entries[i], use);
        }
      }
    }
  }

  private void used(long entry, Use use) throws BlockException {
    Geometry geometry = image.geometry();
    switch (geometry.typeOf(entry)) {
      case COMPRESSED ->
          use.range(geometry.compressedOffset(entry), geometry.compressedBytes(entry));
      case NORMAL, ZERO_ALLOCATED -> {
        long offset = ClusterType.hostOffset(entry);
        if (geometry.aligned(offset)) {
          use.range(offset, geometry.clusterSize());
        }
      }
      case UNALLOCATED, ZERO_PLAIN -> {}
    }
  }

  /** Numbers per L2 entry. */
  private int step() {
    return 1 << image.geometry().entryBits() - 3;
  }

  private long[] read(long table) throws BlockException {
    ByteBuffer raw = ByteBuffer.allocate(image.geometry().clusterSize());
    image.file().read(table, raw);
    long[] entries = new long[raw.capacity() / 8];
    raw.clear().asLongBuffer().get(entries);
    return entries;
  }

  /** Marks in the active tables what has one user only, and nothing else. */
  void setCopied(L1Table l1, L2Cache l2) throws BlockException {
    for (int i = 0; i < l1.size(); i++) {
      long entry = l1.get(i);
      long table = entry & Format.OFFSET_MASK;
      if (table != 0 && image.geometry().aligned(table)) {
        setCopiedInTable(table);
        setCopied(l1, l2, i, entry);
      }
    }
  }

  private void setCopied(L1Table l1, L2Cache l2, int index, long entry) throws BlockException {
    image.lock().lock();
    try {
      l2.forgetTable(index);
      long marked = marked(entry, entry & Format.OFFSET_MASK);
      if (marked != entry) {
        l1.set(index, marked);
      }
    } finally {
      image.lock().unlock();
    }
  }

  private void setCopiedInTable(long table) throws BlockException {
    long[] entries = read(table);
    boolean changed = false;
    for (int i = 0; i < entries.length; i += step()) {
      long entry = entries[i];
      if (image.geometry().typeOf(entry).placed()) {
        entries[i] = lockedMark(entry);
        changed |= entries[i] != entry;
      }
    }
    if (changed) {
      ByteBuffer raw = ByteBuffer.allocate(entries.length * 8);
      raw.asLongBuffer().put(entries);
      image
          .overlaps()
          .check(OverlapChecks.ACTIVE_L2 | OverlapChecks.INACTIVE_L2, table, raw.capacity());
      image.file().write(table, raw);
    }
  }

  private long lockedMark(long entry) throws BlockException {
    image.lock().lock();
    try {
      return marked(entry, ClusterType.hostOffset(entry));
    } finally {
      image.lock().unlock();
    }
  }

  private long marked(long entry, long offset) throws BlockException {
    boolean own = refcounts.get(offset >>> image.geometry().clusterBits()) == 1;
    return own ? entry | Format.COPIED : entry & ~Format.COPIED;
  }
}
