// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.BitSet;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Sets all refcounts to the number of references found: for an image with lazy refcounts that was
 * not closed. Control lane, during open. Memory: four bytes per cluster of a window of the file; a
 * larger file takes more passes over the tables. Missing refcount blocks are added behind the
 * file's end.
 */
final class RefcountRepair {
  private static final int WINDOW_CLUSTERS = 4 << 20;

  /** So many repairs are listed on standard error. */
  private static final int MAX_LINES = 1000;

  private final ImageState image;
  private final RefcountTable refcounts;
  private final ReferenceWalk walk;
  private final long fileClusters;
  private int lines;

  RefcountRepair(ImageState image, L1Table l1, RefcountTable refcounts, List<Snapshot> snapshots)
      throws BlockException {
    this.image = image;
    this.refcounts = refcounts;
    this.walk = new ReferenceWalk(image, l1, refcounts, snapshots);
    this.fileClusters = image.geometry().clusters(image.file().length());
  }

  void run() throws BlockException {
    try {
      addMissingBlocks();
      long end = refcounts.coveredClusters();
      for (long start = 0; start < end; start += WINDOW_CLUSTERS) {
        if (anyBlock(start)) {
          repairWindow(start, (int) Math.min(WINDOW_CLUSTERS, end - start));
        }
      }
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Could not repair dirty image");
    }
  }

  private boolean anyBlock(long start) {
    int blockBits = image.geometry().blockBits();
    long end = Math.min(start + WINDOW_CLUSTERS, refcounts.coveredClusters());
    for (long cluster = start; cluster < end; cluster += 1L << blockBits) {
      if (refcounts.hasBlock(cluster)) {
        return true;
      }
    }
    return false;
  }

  // ---- missing blocks -------------------------------------------------------------------------

  private void addMissingBlocks() throws BlockException {
    Geometry geometry = image.geometry();
    int blockBits = geometry.blockBits();
    BitSet needed = new BitSet();
    walk.run((offset, bytes) -> {
      long last = (offset + bytes - 1) >>> geometry.clusterBits();
      for (long c = offset >>> geometry.clusterBits(); c <= last && inFile(c); c++) {
        needed.set((int) (c >>> blockBits));
      }
    });
    long end = fileClusters;
    int tableClusters = 0;
    BitSet missing = missing(needed);
    if (missing.isEmpty()) {
      return;
    }
    long settled = -1;
    long total = missing.cardinality();
    while (settled != total) {
      settled = total;
      needed.set((int) (end >>> blockBits), (int) ((end + total - 1) >>> blockBits) + 1);
      missing = missing(needed);
      boolean fits = needed.length() <= refcounts.capacity();
      tableClusters = fits ? 0 : (int) geometry.clusters(needed.length() * 8L);
      total = (long) missing.cardinality() + tableClusters;
    }
    if ((long) tableClusters << geometry.clusterBits() > Format.MAX_REFCOUNT_TABLE_BYTES) {
      throw BlockException.io(Errno.EFBIG);
    }
    if (tableClusters > 0) {
      long place = end + missing.cardinality();
      refcounts.relocate(place << geometry.clusterBits(), tableClusters);
    }
    long at = end;
    for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
      refcounts.addBlock(i, at++ << geometry.clusterBits());
    }
  }

  private BitSet missing(BitSet needed) {
    BitSet missing = new BitSet();
    int blockBits = image.geometry().blockBits();
    for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
      if (!refcounts.hasBlock((long) i << blockBits)) {
        missing.set(i);
      }
    }
    return missing;
  }

  private boolean inFile(long cluster) {
    return cluster < fileClusters;
  }

  // ---- comparing ------------------------------------------------------------------------------

  private void repairWindow(long start, int clusters) throws BlockException {
    int[] counts = new int[clusters];
    int bits = image.geometry().clusterBits();
    walk.run((offset, bytes) -> {
      long first = Math.max(offset >>> bits, start);
      long last = Math.min((offset + bytes - 1) >>> bits, start + clusters - 1);
      for (long cluster = first; bytes > 0 && cluster <= last; cluster++) {
        counts[(int) (cluster - start)]++;
      }
    });
    for (int i = 0; i < clusters; i++) {
      repair(start + i, counts[i]);
    }
  }

  private void repair(long cluster, int references) throws BlockException {
    if (!refcounts.hasBlock(cluster)) {
      return;
    }
    long stored = refcounts.get(cluster);
    if (stored == references) {
      return;
    }
    if (references > image.geometry().maxRefcount()) {
      throw BlockException.io(Errno.EINVAL);
    }
    refcounts.set(cluster, references);
    if (lines++ < MAX_LINES) {
      image
          .corruption()
          .report(
              "Repairing cluster " + cluster + " refcount=" + stored + " reference=" + references);
    }
  }
}
