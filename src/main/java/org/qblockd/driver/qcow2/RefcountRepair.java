// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.BitSet;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Sets all refcounts to the number of references found: for an image with lazy refcounts that was
 * not closed. Control lane, during open. Memory: four bytes per cluster of a window of the file; a
 * larger file takes more passes over the tables. Where a cluster in use counts as free, refcount
 * table and blocks are made anew behind the file's end, as the reference does.
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
  private boolean rebuild;

  RefcountRepair(ImageState image, L1Table l1, RefcountTable refcounts, List<Snapshot> snapshots)
      throws BlockException {
    this.image = image;
    this.refcounts = refcounts;
    this.walk = new ReferenceWalk(image, l1, refcounts, snapshots);
    this.fileClusters = image.geometry().clusters(image.file().length());
  }

  void run() throws BlockException {
    try {
      eachWindow(this::compare);
      if (rebuild) {
        image.corruption().report("Rebuilding refcount structure");
        rebuild();
      }
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Could not repair dirty image");
    }
  }

  /** What is done with the references found in a window. */
  private interface Window {
    void visit(long start, int[] references) throws BlockException;
  }

  private void eachWindow(Window action) throws BlockException {
    long end = Math.max(refcounts.coveredClusters(), fileClusters);
    for (long start = 0; start < end; start += WINDOW_CLUSTERS) {
      if (inFile(start) || anyBlock(start)) {
        int clusters = (int) Math.min(WINDOW_CLUSTERS, end - start);
        action.visit(start, references(start, clusters));
      }
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

  private boolean inFile(long cluster) {
    return cluster < fileClusters;
  }

  private int[] references(long start, int clusters) throws BlockException {
    int[] counts = new int[clusters];
    int bits = image.geometry().clusterBits();
    walk.run((offset, bytes) -> {
      long first = Math.max(offset >>> bits, start);
      long last = Math.min((offset + bytes - 1) >>> bits, start + clusters - 1);
      for (long cluster = first; bytes > 0 && cluster <= last; cluster++) {
        counts[(int) (cluster - start)]++;
      }
    });
    return counts;
  }

  private void compare(long start, int[] references) throws BlockException {
    for (int i = 0; i < references.length; i++) {
      long cluster = start + i;
      long stored = refcounts.get(cluster);
      if (stored == 0 && references[i] > 0 && inFile(cluster)) {
        rebuild = true;
        list("ERROR", cluster, stored, references[i]);
      } else if (stored != 0 && stored != references[i]) {
        list("Repairing", cluster, stored, references[i]);
        set(cluster, references[i]);
      }
    }
  }

  private void set(long cluster, long references) throws BlockException {
    if (references > image.geometry().maxRefcount()) {
      throw BlockException.io(Errno.EINVAL);
    }
    refcounts.set(cluster, references);
  }

  private void list(String what, long cluster, long stored, long references) {
    if (lines++ < MAX_LINES) {
      image
          .corruption()
          .report(
              what + " cluster " + cluster + " refcount=" + stored + " reference=" + references);
    }
  }

  // ---- making table and blocks anew -----------------------------------------------------------

  /** The old table and blocks count as used until the new ones are filled; then they are leaks. */
  private void rebuild() throws BlockException {
    BitSet old = structure();
    startOver(blocksInUse());
    eachWindow((start, references) -> {
      for (int i = 0; i < references.length; i++) {
        int used = references[i] + (old.get((int) (start + i)) ? 1 : 0);
        if (used > 0 && refcounts.hasBlock(start + i)) {
          set(start + i, used);
        }
      }
    });
    for (int cluster = old.nextSetBit(0); cluster >= 0; cluster = old.nextSetBit(cluster + 1)) {
      long stored = refcounts.get(cluster);
      list("Repairing", cluster, stored, stored - 1);
      refcounts.set(cluster, stored - 1);
    }
  }

  /** The clusters of table and blocks that lie within the file. */
  private BitSet structure() {
    int bits = image.geometry().clusterBits();
    BitSet clusters = new BitSet();
    long table = image.header().refcountTableOffset >>> bits;
    for (int i = 0; i < image.header().refcountTableClusters && inFile(table + i); i++) {
      clusters.set((int) (table + i));
    }
    for (int i = 0; i < refcounts.capacity(); i++) {
      long offset = refcounts.blockOffset(i);
      if (offset != 0 && inFile(offset >>> bits)) {
        clusters.set((int) (offset >>> bits));
      }
    }
    return clusters;
  }

  private BitSet blocksInUse() throws BlockException {
    Geometry geometry = image.geometry();
    BitSet blocks = new BitSet();
    walk.run((offset, bytes) -> {
      long last = (offset + bytes - 1) >>> geometry.clusterBits();
      for (long c = offset >>> geometry.clusterBits(); bytes > 0 && c <= last && inFile(c); c++) {
        blocks.set((int) (c >>> geometry.blockBits()));
      }
    });
    return blocks;
  }

  /** Empty blocks behind the file's end, and a table behind them; they cover themselves. */
  private void startOver(BitSet blocks) throws BlockException {
    Geometry geometry = image.geometry();
    long settled = -1;
    long total = blocks.cardinality();
    int tableClusters = 0;
    while (settled != total) {
      settled = total;
      long last = (fileClusters + total - 1) >>> geometry.blockBits();
      blocks.set((int) (fileClusters >>> geometry.blockBits()), (int) last + 1);
      tableClusters = (int) geometry.clusters(blocks.length() * 8L);
      total = (long) blocks.cardinality() + tableClusters;
    }
    if ((long) tableClusters << geometry.clusterBits() > Format.MAX_REFCOUNT_TABLE_BYTES) {
      throw BlockException.io(Errno.EFBIG);
    }
    long place = fileClusters + blocks.cardinality();
    refcounts.startOver(place << geometry.clusterBits(), tableClusters);
    long at = fileClusters;
    for (int i = blocks.nextSetBit(0); i >= 0; i = blocks.nextSetBit(i + 1)) {
      refcounts.addBlock(i, at++ << geometry.clusterBits());
    }
  }
}
