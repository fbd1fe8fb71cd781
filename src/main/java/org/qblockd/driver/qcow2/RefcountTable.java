// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * The refcount table with the blocks in use. Guarded by the metadata lock; a block that is missing
 * is read under it, which happens once per block (2 GiB of file with 64 KiB clusters).
 */
final class RefcountTable {
  private static final int MIN_CACHED_BLOCKS = 4;

  private final ImageState image;
  private final LinkedHashMap<Integer, RefcountBlock> blocks = new LinkedHashMap<>(16, 0.75f, true);
  private long[] table;
  private int dirtyFrom;
  private int dirtyTo;
  private boolean relocated;
  private volatile boolean crowded;
  private int lastIndex = -1;
  private @Nullable RefcountBlock last;

  RefcountTable(ImageState image) throws BlockException {
    this.image = image;
    long clusterSize = image.geometry().clusterSize();
    int bytes = (int) ((long) image.header().refcountTableClusters * clusterSize);
    ByteBuffer raw = ByteBuffer.allocate(bytes);
    try {
      image.file().event("reftable_load");
      image.file().read(image.header().refcountTableOffset, raw);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Could not initialize refcount handling");
    }
    table = new long[bytes / 8];
    raw.clear().asLongBuffer().get(table);
    image.overlaps().refcountBlocks().fill(table, Format.REFCOUNT_OFFSET_MASK);
  }

  /** The number of blocks that the table has room for. */
  int capacity() {
    return table.length;
  }

  /** The number of clusters that the table has room for. */
  long coveredClusters() {
    return (long) table.length << image.geometry().blockBits();
  }

  /** Whether the cluster's refcount is stored somewhere; if not, it is 0. */
  boolean hasBlock(long cluster) {
    long index = cluster >>> image.geometry().blockBits();
    return index < table.length && (table[(int) index] & Format.REFCOUNT_OFFSET_MASK) != 0;
  }

  /** Where block {@code index} lies, 0 if it does not exist. */
  long blockOffset(int index) {
    return table[index] & Format.REFCOUNT_OFFSET_MASK;
  }

  long get(long cluster) throws BlockException {
    if (!hasBlock(cluster)) {
      return 0;
    }
    return block(cluster).get(indexInBlock(cluster));
  }

  /** Sets a refcount whose block exists. */
  void set(long cluster, long value) throws BlockException {
    block(cluster).set(indexInBlock(cluster), value);
  }

  /** Adds one, for a further user of the cluster. */
  void increment(long cluster) throws BlockException {
    long old = get(cluster);
    if (old == image.geometry().maxRefcount()) {
      throw BlockException.io(Errno.EINVAL);
    }
    set(cluster, old + 1);
  }

  /** Takes one away; EINVAL if there is none. The new value. */
  long decrement(long cluster) throws BlockException {
    long old = get(cluster);
    if (old == 0) {
      throw BlockException.io(Errno.EINVAL);
    }
    set(cluster, old - 1);
    return old - 1;
  }

  /** Puts a new, empty block at {@code offset}; its place in the table must be free. */
  void addBlock(int index, long offset) {
    RefcountBlock block =
        new RefcountBlock(
            offset, new byte[image.geometry().clusterSize()], image.geometry().refcountOrder());
    block.markAllDirty();
    remember(index, block);
    table[index] = offset;
    dirtyFrom = dirtyTo > dirtyFrom ? Math.min(dirtyFrom, index) : index;
    dirtyTo = Math.max(dirtyTo, index + 1);
    image.overlaps().refcountBlocks().add(offset);
  }

  /** Moves the table to a larger place, to be written there as a whole. */
  void relocate(long offset, int clusters) {
    Header header = image.header();
    table = Arrays.copyOf(table, (int) ((long) clusters * image.geometry().clusterSize() / 8));
    header.refcountTableOffset = offset;
    header.refcountTableClusters = clusters;
    relocated = true;
  }

  /** Forgets all blocks; an empty table begins at another place, to be written there as a whole. */
  void startOver(long offset, int clusters) {
    blocks.clear();
    lastIndex = -1;
    last = null;
    table = new long[0];
    relocate(offset, clusters);
    image.overlaps().refcountBlocks().fill(table, Format.REFCOUNT_OFFSET_MASK);
  }

  // ---- for the write-back ---------------------------------------------------------------------

  /** Whether too much changed to be kept back; without the lock. */
  boolean crowded() {
    return crowded;
  }

  boolean dirty() {
    return tableDirty() || blocks.values().stream().anyMatch(RefcountBlock::dirty);
  }

  boolean tableDirty() {
    return relocated || dirtyTo > dirtyFrom;
  }

  boolean wasRelocated() {
    return relocated;
  }

  /** Changed blocks; each must be given its copy back by {@link RefcountBlock#written}. */
  List<RefcountBlock> dirtyBlocks() {
    List<RefcountBlock> dirty = new ArrayList<>();
    // What is written now can be evicted when the next block comes.
    crowded = false;
    for (RefcountBlock block : blocks.values()) {
      if (block.dirty()) {
        dirty.add(block);
      }
    }
    return dirty;
  }

  /** The changed part of the table, considered written; {@link #redoTable} takes that back. */
  DirtyBytes captureTable() {
    int from = relocated ? 0 : dirtyFrom;
    int to = relocated ? table.length : dirtyTo;
    ByteBuffer copy = ByteBuffer.allocate((to - from) * 8);
    copy.asLongBuffer().put(table, from, to - from);
    dirtyFrom = 0;
    dirtyTo = 0;
    relocated = false;
    return new DirtyBytes(image.header().refcountTableOffset + from * 8L, copy.array());
  }

  void redoTable(boolean wasRelocated) {
    relocated |= wasRelocated;
    dirtyFrom = 0;
    dirtyTo = table.length;
  }

  // ---- blocks ---------------------------------------------------------------------------------

  private int indexInBlock(long cluster) {
    return (int) (cluster & ((1L << image.geometry().blockBits()) - 1));
  }

  private RefcountBlock block(long cluster) throws BlockException {
    int index = (int) (cluster >>> image.geometry().blockBits());
    RefcountBlock recent = last;
    if (index == lastIndex && recent != null) {
      return recent;
    }
    RefcountBlock block = blocks.get(index);
    if (block == null) {
      block = load(index);
    }
    last = block;
    lastIndex = index;
    return block;
  }

  private RefcountBlock load(int index) throws BlockException {
    long offset = blockOffset(index);
    if (!image.geometry().aligned(offset)) {
      throw image
          .corruption()
          .fatal(
              "Refblock offset "
                  + Corruption.hex(offset)
                  + " unaligned (reftable index: "
                  + Corruption.hex(index)
                  + ")");
    }
    byte[] bytes = new byte[image.geometry().clusterSize()];
    image.file().event("refblock_load");
    image.file().read(offset, ByteBuffer.wrap(bytes));
    RefcountBlock block = new RefcountBlock(offset, bytes, image.geometry().refcountOrder());
    remember(index, block);
    return block;
  }

  private int maxBlocks() {
    long blocks = image.options().refcountCacheBytes() / image.geometry().clusterSize();
    return (int) Math.max(MIN_CACHED_BLOCKS, Math.min(blocks, Integer.MAX_VALUE / 2));
  }

  private void remember(int index, RefcountBlock block) {
    int maxBlocks = maxBlocks();
    Iterator<Map.Entry<Integer, RefcountBlock>> oldest = blocks.entrySet().iterator();
    while (blocks.size() >= maxBlocks && oldest.hasNext()) {
      if (oldest.next().getValue().evictable()) {
        oldest.remove();
      }
    }
    blocks.put(index, block);
    crowded = blocks.size() > 2 * maxBlocks;
    last = block;
    lastIndex = index;
  }
}
