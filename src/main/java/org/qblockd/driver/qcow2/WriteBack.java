// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * Brings changed metadata to the file in an order that leaves a sound image at every moment:
 * refcount blocks, refcount table, L2 tables, L1 entries. So nothing on disk refers to a cluster
 * whose refcount is not there; a crash leaves leaked clusters at most. Barriers (flushes of the
 * file) between the steps that changed something extend this to a crash of the host. Refcounts of
 * freed clusters are lowered only after the tables that lost them are stable.
 *
 * <p>Any thread; one write-back at a time. The metadata lock is held to copy, not to write.
 */
final class WriteBack {
  private record Captured(L2Slice slice, DirtyBytes bytes) {}

  private record CapturedBlock(RefcountBlock block, DirtyBytes bytes) {}

  /** Tables, then what they freed, then the refcounts of that, which may move once more. */
  private static final int MAX_ROUNDS = 8;

  private final ImageState image;
  private final RefcountTable refcounts;
  private final ClusterAllocator allocator;
  private final L1Table l1;
  private final L2Cache l2;
  private final FreedClusters freed;
  private final DirtyMark dirtyMark;

  /** One at a time; taken before the metadata lock. */
  private final ReentrantLock turn = new ReentrantLock();

  WriteBack(
      ImageState image,
      RefcountTable refcounts,
      ClusterAllocator allocator,
      L1Table l1,
      L2Cache l2,
      FreedClusters freed,
      DirtyMark dirtyMark) {
    this.image = image;
    this.refcounts = refcounts;
    this.allocator = allocator;
    this.l1 = l1;
    this.l2 = l2;
    this.freed = freed;
    this.dirtyMark = dirtyMark;
  }

  /** Writes what changed and makes it, and all data written before, stable. */
  void flush() throws BlockException {
    turn.lock();
    try {
      run(!dirtyMark.lazyRefcounts());
    } finally {
      turn.unlock();
    }
  }

  /** After a request: writes back if much has gathered. */
  void relieve() throws BlockException {
    // Volatile flags: a write in place must not meet the metadata lock here.
    if ((l2.manyDirty() || refcounts.crowded() || freed.many()) && turn.tryLock()) {
      try {
        run(!dirtyMark.lazyRefcounts() || refcounts.crowded());
      } finally {
        turn.unlock();
      }
    }
  }

  /** Writes everything, refcounts included, until nothing is left; no request is in flight. */
  void settle() throws BlockException {
    turn.lock();
    try {
      int rounds = 0;
      do {
        run(true);
        rounds++;
      } while (unsettled() && rounds < MAX_ROUNDS);
    } finally {
      turn.unlock();
    }
  }

  private boolean unsettled() {
    image.lock().lock();
    try {
      return refcounts.dirty() || l2.hasDirty() || l1.isDirty() || !freed.isEmpty();
    } finally {
      image.lock().unlock();
    }
  }

  private void run(boolean withRefcounts) throws BlockException {
    if (!withRefcounts) {
      markDirty();
    }
    List<Captured> slices = new ArrayList<>();
    List<Long> freshTables;
    BitSet l1Entries;
    long freedMark;
    image.lock().lock();
    try {
      for (L2Slice slice : l2.takeDirty()) {
        slices.add(new Captured(slice, slice.capture()));
      }
      freshTables = l2.freshTables();
      l1Entries = l1.takeDirty();
      freedMark = freed.mark();
    } finally {
      image.lock().unlock();
    }
    int written = 0;
    boolean complete = false;
    try {
      if (withRefcounts && writeRefcounts() && !slices.isEmpty()) {
        image.file().flush();
      }
      writeFreshTables(freshTables);
      for (Captured slice : slices) {
        image.file().event("l2_update");
        write(OverlapChecks.ACTIVE_L2, slice.bytes);
        written++;
      }
      writeL1(l1Entries);
      complete = true;
    } finally {
      finishSlices(slices, written, complete ? null : l1Entries);
    }
    if (image.data().external()) {
      image.data().file().flush();
    }
    image.file().flush();
    reclaim(freedMark);
  }

  /** With lazy refcounts the image says that they are not to be trusted before they are wrong. */
  private void markDirty() throws BlockException {
    boolean changed;
    image.lock().lock();
    try {
      changed = refcounts.dirty();
    } finally {
      image.lock().unlock();
    }
    if (changed) {
      dirtyMark.beforeChange();
    }
  }

  private void finishSlices(List<Captured> slices, int written, @Nullable BitSet unwritten) {
    image.lock().lock();
    try {
      for (int i = 0; i < slices.size(); i++) {
        l2.written(slices.get(i).slice, i < written);
      }
      if (unwritten != null) {
        l1.redo(unwritten);
      }
    } finally {
      image.lock().unlock();
    }
  }

  private void write(int kind, DirtyBytes dirty) throws BlockException {
    image.overlaps().check(kind, dirty.offset(), dirty.bytes().length);
    image.file().write(dirty.offset(), ByteBuffer.wrap(dirty.bytes()));
  }

  // ---- refcounts ------------------------------------------------------------------------------

  /** Writes blocks, then the table; whether anything was written. */
  private boolean writeRefcounts() throws BlockException {
    List<CapturedBlock> blocks = new ArrayList<>();
    DirtyBytes table = null;
    boolean moved = false;
    image.lock().lock();
    try {
      for (RefcountBlock block : refcounts.dirtyBlocks()) {
        blocks.add(new CapturedBlock(block, block.capture()));
      }
      if (refcounts.tableDirty()) {
        moved = refcounts.wasRelocated();
        table = refcounts.captureTable();
      }
    } finally {
      image.lock().unlock();
    }
    int written = 0;
    boolean complete = false;
    try {
      for (CapturedBlock block : blocks) {
        image.file().event("refblock_update_part");
        write(OverlapChecks.REFCOUNT_BLOCK, block.bytes);
        written++;
      }
      if (table != null) {
        image.file().flush();
        write(OverlapChecks.REFCOUNT_TABLE, table);
        writeTablePlace(moved);
      }
      complete = true;
    } finally {
      finishRefcounts(blocks, written, table != null && !complete, moved);
    }
    return table != null || !blocks.isEmpty();
  }

  private void writeTablePlace(boolean moved) throws BlockException {
    if (moved) {
      image.file().flush();
      Header header = image.header();
      ByteBuffer place = ByteBuffer.allocate(12);
      place.putLong(header.refcountTableOffset).putInt(header.refcountTableClusters);
      image.file().write(Format.AT_REFCOUNT_TABLE, place.flip());
    }
  }

  private void finishRefcounts(
      List<CapturedBlock> blocks, int written, boolean redoTable, boolean moved) {
    image.lock().lock();
    try {
      for (int i = 0; i < blocks.size(); i++) {
        blocks.get(i).block.written(blocks.get(i).bytes, i < written);
      }
      if (redoTable) {
        refcounts.redoTable(moved);
      }
    } finally {
      image.lock().unlock();
    }
  }

  // ---- L2 and L1 ------------------------------------------------------------------------------

  /** New tables are zero as a whole before slices of them are written. */
  private void writeFreshTables(List<Long> tables) throws BlockException {
    for (long table : tables) {
      int size = image.geometry().clusterSize();
      image.overlaps().check(OverlapChecks.ACTIVE_L2, table, size);
      image.file().write(table, ByteBuffer.allocate(size));
      l2.noLongerFresh(table);
    }
  }

  private void writeL1(BitSet indexes) throws BlockException {
    if (indexes.isEmpty()) {
      return;
    }
    image.file().flush();
    for (int i = indexes.nextSetBit(0); i >= 0; i = indexes.nextSetBit(i + 1)) {
      long offset = image.header().l1Offset + i * 8L;
      ByteBuffer entry = ByteBuffer.allocate(8).putLong(0, l1.get(i));
      image.overlaps().check(OverlapChecks.ACTIVE_L1, offset, 8);
      image.file().write(offset, entry);
    }
  }

  /**
   * Moves the L1 table to a new place with more entries. Rare, so that the metadata lock is held
   * all the time: everything older is on disk when the new table is written.
   */
  void growL1(int entries) throws BlockException {
    turn.lock();
    image.lock().lock();
    try {
      run(true);
      Geometry geometry = image.geometry();
      Header header = image.header();
      int clusters = (int) geometry.clusters(entries * 8L);
      image.file().event("l1_grow_alloc_table");
      long offset = allocator.allocateExactly(clusters, "L1 table");
      long[] values = l1.copy(entries);
      ByteBuffer raw = ByteBuffer.allocate(entries * 8);
      raw.asLongBuffer().put(values);
      image.file().event("l1_grow_write_table");
      write(OverlapChecks.NONE, new DirtyBytes(offset, raw.array()));
      writeRefcounts();
      image.file().flush();
      ByteBuffer place = ByteBuffer.allocate(12).putInt(entries).putLong(offset);
      image.file().event("l1_grow_activate_table");
      image.file().write(Format.AT_L1_SIZE, place.flip());
      image.file().flush();
      if (header.l1Size > 0) {
        allocator.free(header.l1Offset, header.l1Size * 8L, false);
      }
      header.l1Size = entries;
      header.l1Offset = offset;
      l1.replace(values);
    } finally {
      image.lock().unlock();
      turn.unlock();
    }
  }

  // ---- freed clusters -------------------------------------------------------------------------

  private void reclaim(long mark) {
    List<FreedClusters.Range> ranges;
    image.lock().lock();
    try {
      ranges = freed.take(mark);
    } finally {
      image.lock().unlock();
    }
    for (FreedClusters.Range range : ranges) {
      try {
        if (range.discard()) {
          discardUnshared(range);
        }
        reclaim(range);
      } catch (BlockException failed) {
        image.corruption().report("qcow2_free_clusters failed: " + failed.message());
      }
    }
  }

  private void reclaim(FreedClusters.Range range) throws BlockException {
    image.lock().lock();
    try {
      allocator.reclaim(range);
    } finally {
      image.lock().unlock();
    }
  }

  /** Discards in the file what no snapshot uses; nobody can be given it before we return. */
  private void discardUnshared(FreedClusters.Range range) throws BlockException {
    int clusterSize = image.geometry().clusterSize();
    long end = range.offset() + range.bytes();
    long start = range.offset();
    while (start < end) {
      long runEnd = unsharedRun(start, end);
      if (runEnd > start) {
        image.file().discard(start, runEnd - start);
      }
      start = Math.max(runEnd, start + clusterSize);
    }
  }

  private long unsharedRun(long start, long end) throws BlockException {
    Geometry geometry = image.geometry();
    image.lock().lock();
    try {
      long at = start;
      while (at < end && refcounts.get(at >>> geometry.clusterBits()) == 1) {
        at += geometry.clusterSize();
      }
      return at;
    } finally {
      image.lock().unlock();
    }
  }
}
