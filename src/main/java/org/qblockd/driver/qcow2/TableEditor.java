// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * Gives slices that may be changed: makes L2 tables where there are none, and own copies of tables
 * that snapshots share. Any thread.
 */
final class TableEditor {
  private final ImageState image;
  private final L1Table l1;
  private final L2Cache l2;
  private final ClusterAllocator allocator;

  TableEditor(ImageState image, L1Table l1, L2Cache l2, ClusterAllocator allocator) {
    this.image = image;
    this.l1 = l1;
    this.l2 = l2;
    this.allocator = allocator;
  }

  /**
   * The slice with {@code offset}, in memory and in a table of our own. Returns holding the
   * metadata lock; when it throws, the lock is not held.
   */
  L2Slice lock(long offset) throws BlockException {
    L2Slice slice = tryLock(offset, true);
    if (slice == null) {
      throw new IllegalStateException("no table was made");
    }
    return slice;
  }

  /** The same, but null, and the lock not held, where there is no L2 table. */
  @Nullable L2Slice lockExisting(long offset) throws BlockException {
    return tryLock(offset, false);
  }

  private @Nullable L2Slice tryLock(long offset, boolean create) throws BlockException {
    Geometry geometry = image.geometry();
    long index = geometry.sliceIndex(offset);
    int l1Index = geometry.l1IndexOfSlice(index);
    while (true) {
      L2Slice loaded = l2.get(index);
      if (loaded == null && !create) {
        return null;
      }
      image.lock().lock();
      boolean keep = false;
      try {
        L2Slice slice = l2.peek(index);
        if (slice != null && l1.ownTable(l1Index)) {
          keep = true;
          return slice;
        }
        image.corruption().checkUsable();
        makeOwn(l1Index);
      } finally {
        if (!keep) {
          image.lock().unlock();
        }
      }
    }
  }

  /** Under the metadata lock: a new table, or a copy of a shared one. */
  private void makeOwn(int l1Index) throws BlockException {
    if (l1.ownTable(l1Index)) {
      return;
    }
    int clusterSize = image.geometry().clusterSize();
    long old = l1.tableOffset(l1Index);
    long table = allocator.allocateExactly(1, "L2 table");
    if (old == 0) {
      image.file().event("l2_alloc_write");
      l2.addFresh(table);
    } else {
      // Rare (once per table and snapshot), so that holding the lock meanwhile does no harm.
      ByteBuffer content = ByteBuffer.allocate(clusterSize);
      image.file().event("l2_alloc_cow_read");
      image.file().read(old, content);
      image.overlaps().check(OverlapChecks.NONE, table, clusterSize);
      image.file().event("l2_alloc_write");
      image.file().write(table, content.flip());
      l2.forgetTable(l1Index);
      allocator.free(old, clusterSize, false);
    }
    // The entry is written later; here the reference passes this point.
    image.file().event("l1_update");
    l1.set(l1Index, table | Format.COPIED);
  }
}
