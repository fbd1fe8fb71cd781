// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Finds free host clusters and sets their refcounts; makes refcount blocks, and a larger refcount
 * table, where they are missing. Guarded by the metadata lock.
 */
final class ClusterAllocator {
  /**
   * Adjacent clusters with refcount 1.
   *
   * @param offset bytes
   * @param clusters at least 1
   * @param blank whether nothing was ever written there, so that they read as zeroes
   */
  record Run(long offset, int clusters, boolean blank) {}

  /** What guest data are called; for them the reference finds the header in the way first. */
  static final String DATA = "data cluster";

  private final ImageState image;
  private final RefcountTable refcounts;
  private final FreedClusters freed;
  private final DirtyMark dirtyMark;

  /** No cluster below is known to be free. */
  private long next;

  /** From here on the file has never been written. */
  private long blankFrom;

  /** Where the next compressed cluster may begin, 0 for a new host cluster. */
  private long compressedEnd;

  ClusterAllocator(
      ImageState image, RefcountTable refcounts, FreedClusters freed, DirtyMark dirtyMark)
      throws BlockException {
    this.image = image;
    this.refcounts = refcounts;
    this.freed = freed;
    this.dirtyMark = dirtyMark;
    this.blankFrom = image.geometry().clusterEnd(image.file().length());
  }

  /**
   * Up to {@code wanted} adjacent clusters; fewer only where a refcount block had to come in
   * between.
   *
   * @param what for the message about an image without refcounts
   */
  Run allocate(int wanted, String what) throws BlockException {
    return allocate(wanted, false, what);
  }

  /** The offset of exactly {@code wanted} adjacent clusters. */
  long allocateExactly(int wanted, String what) throws BlockException {
    return allocate(wanted, true, what).offset();
  }

  private Run allocate(int wanted, boolean exact, String what) throws BlockException {
    image.file().event("cluster_alloc");
    long start = next;
    int found = 0;
    while (found < wanted) {
      long cluster = start + found;
      if (!refcounts.hasBlock(cluster)) {
        if (!exact && found > 0 && found >= wanted / 2) {
          break;
        }
        start = makeBlocks(cluster, exact ? wanted : 0);
        found = 0;
      } else if (refcounts.get(cluster) == 0) {
        found++;
      } else {
        start = cluster + 1;
        found = 0;
      }
    }
    return take(start, found, what);
  }

  private Run take(long start, int count, String what) throws BlockException {
    int bits = image.geometry().clusterBits();
    long offset = start << bits;
    if (start == 0) {
      if (what.equals(DATA)) {
        image.overlaps().check(OverlapChecks.NONE, 0, (long) count << bits);
      }
      throw image.corruption().fatal("Preventing invalid allocation of " + what + " at offset 0");
    }
    if (offset + ((long) count << bits) > Format.OFFSET_MASK) {
      throw BlockException.io(Errno.EFBIG);
    }
    dirtyMark.beforeChange();
    // The reference looks for a missing block at this point, whether there is one or not.
    image.file().event("refblock_alloc");
    for (int i = 0; i < count; i++) {
      refcounts.set(start + i, 1);
    }
    next = start + count;
    long end = next << bits;
    boolean blank = offset >= blankFrom;
    blankFrom = Math.max(blankFrom, end);
    return new Run(offset, count, blank);
  }

  /**
   * Room for {@code bytes} compressed bytes, behind the last ones where they fit: every host
   * cluster that they touch counts one more user.
   */
  long allocateCompressed(int bytes) throws BlockException {
    image.file().event("cluster_alloc_bytes");
    Geometry geometry = image.geometry();
    long offset = compressedEnd;
    if (offset != 0 && !geometry.aligned(offset)) {
      long room = geometry.clusterEnd(offset) - offset;
      long cluster = offset >>> geometry.clusterBits();
      if (bytes <= room && refcounts.get(cluster) < geometry.maxRefcount()) {
        refcounts.increment(cluster);
        compressedEnd = offset + bytes;
        return offset;
      }
    }
    Run run = allocate(1, "compressed cluster");
    if (run.offset() + bytes > geometry.compressedOffsetLimit()) {
      free(run.offset(), geometry.clusterSize(), false);
      throw BlockException.io(Errno.EFBIG);
    }
    compressedEnd = run.offset() + bytes;
    return run.offset();
  }

  /** The end of the highest cluster allocated so far, or of the file, bytes. */
  long end() {
    return blankFrom;
  }

  // ---- giving back ----------------------------------------------------------------------------

  /** Takes one user from each cluster of the range, once the tables that lost it are on disk. */
  void free(long offset, long bytes, boolean discard) {
    image.file().event("cluster_free");
    Geometry geometry = image.geometry();
    long start = geometry.clusterStart(offset);
    long end = geometry.clusterEnd(offset + bytes);
    if (compressedEnd != 0 && compressedEnd >= start && compressedEnd <= end) {
      compressedEnd = 0;
    }
    freed.add(start, end - start, discard);
  }

  /** Takes one user from what an old L2 entry refers to; in a data file nothing is counted. */
  void freeEntry(long entry, boolean discard) {
    Geometry geometry = image.geometry();
    switch (geometry.typeOf(entry)) {
      case COMPRESSED ->
          free(geometry.compressedOffset(entry), geometry.compressedBytes(entry), discard);
      case NORMAL, ZERO_ALLOCATED -> {
        long offset = ClusterType.hostOffset(entry);
        if (geometry.dataFile()) {
          return;
        }
        if (geometry.aligned(offset)) {
          free(offset, geometry.clusterSize(), discard);
        } else {
          image
              .corruption()
              .nonFatal("Cannot free unaligned cluster " + Corruption.hex(offset), -1, -1);
        }
      }
      case UNALLOCATED, ZERO_PLAIN -> {}
    }
  }

  /** Lowers the refcounts of a freed range; what is then free can be found again. */
  void reclaim(FreedClusters.Range range) throws BlockException {
    int bits = image.geometry().clusterBits();
    long first = range.offset() >>> bits;
    long count = range.bytes() >>> bits;
    for (long cluster = first; cluster < first + count; cluster++) {
      if (refcounts.decrement(cluster) == 0 && cluster < next) {
        next = cluster;
      }
    }
  }

  // ---- refcount blocks and table --------------------------------------------------------------

  /**
   * Makes the refcount block for {@code cluster}, whose range is free as a whole, at that very
   * cluster (it counts itself), and as many further ones behind it as {@code spare} clusters more
   * need; if the table has no room for them, a larger table behind the blocks. The first cluster
   * that is free afterwards.
   */
  private long makeBlocks(long cluster, int spare) throws BlockException {
    Geometry geometry = image.geometry();
    if (cluster == 0) {
      throw image.corruption().fatal("Preventing invalid allocation of refcount block at offset 0");
    }
    long perBlock = 1L << geometry.blockBits();
    long inBlock = cluster & (perBlock - 1);
    long index = cluster >>> geometry.blockBits();
    long newBlocks = 1;
    long tableClusters = 0;
    long settled;
    do {
      settled = newBlocks + tableClusters;
      newBlocks = (inBlock + newBlocks + tableClusters + spare + perBlock - 1) / perBlock;
      tableClusters = tableClusters(index + newBlocks);
    } while (newBlocks + tableClusters != settled);
    if (tableClusters << geometry.clusterBits() > Format.MAX_REFCOUNT_TABLE_BYTES) {
      throw BlockException.io(Errno.EFBIG);
    }
    if (tableClusters > 0) {
      moveTable(cluster + newBlocks, (int) tableClusters);
    }
    newBlocks = missingBlocks(index, newBlocks);
    for (int i = 0; i < newBlocks; i++) {
      refcounts.addBlock((int) index + i, (cluster + i) << geometry.clusterBits());
    }
    long end = cluster + newBlocks + tableClusters;
    for (long used = cluster; used < end; used++) {
      refcounts.set(used, 1);
    }
    blankFrom = Math.max(blankFrom, end << geometry.clusterBits());
    tellOfBlocks(tableClusters > 0);
    return end;
  }

  /** The points that the reference passes; here blocks and table are written later. */
  private void tellOfBlocks(boolean withTable) {
    ImageFile file = image.file();
    if (withTable) {
      file.event("refblock_alloc_write_blocks");
      file.event("refblock_alloc_write_table");
      file.event("refblock_alloc_switch_table");
    } else {
      file.event("refblock_alloc_write");
      file.event("refblock_alloc_hookup");
    }
  }

  /** The size of a table with room for this many blocks; 0 if the present one has it. */
  private long tableClusters(long blocks) {
    if (blocks <= refcounts.capacity()) {
      return 0;
    }
    long entries = Math.max(refcounts.capacity() * 3L / 2, blocks);
    return image.geometry().clusters(entries * 8);
  }

  private void moveTable(long cluster, int clusters) {
    int bits = image.geometry().clusterBits();
    long oldOffset = image.header().refcountTableOffset;
    long oldBytes = (long) image.header().refcountTableClusters << bits;
    refcounts.relocate(cluster << bits, clusters);
    free(oldOffset, oldBytes, false);
  }

  /** How many of the blocks from {@code index} on are missing in a row. */
  private long missingBlocks(long index, long wanted) {
    int blockBits = image.geometry().blockBits();
    long missing = 1;
    while (missing < wanted && !refcounts.hasBlock((index + missing) << blockBits)) {
      missing++;
    }
    return missing;
  }
}
