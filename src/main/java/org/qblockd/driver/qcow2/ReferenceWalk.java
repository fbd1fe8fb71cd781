// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.List;
import org.qblockd.base.BlockException;

/**
 * Visits every reference to host clusters that an image holds: header, tables, data, snapshots.
 * Control lane, before the image is used. Entries that make no sense are passed over.
 */
final class ReferenceWalk {
  /** Hears of each reference. */
  interface Visitor {
    /** The clusters that the range touches are referred to once more. */
    void reference(long offset, long bytes);
  }

  private final ImageState image;
  private final L1Table l1;
  private final RefcountTable refcounts;
  private final List<Snapshot> snapshots;

  ReferenceWalk(ImageState image, L1Table l1, RefcountTable refcounts, List<Snapshot> snapshots) {
    this.image = image;
    this.l1 = l1;
    this.refcounts = refcounts;
    this.snapshots = snapshots;
  }

  void run(Visitor visitor) throws BlockException {
    Header header = image.header();
    int clusterSize = image.geometry().clusterSize();
    visitor.reference(0, clusterSize);
    visitor.reference(
        header.refcountTableOffset, (long) header.refcountTableClusters * clusterSize);
    for (int i = 0; i < refcounts.capacity(); i++) {
      if (refcounts.blockOffset(i) != 0) {
        visitor.reference(refcounts.blockOffset(i), clusterSize);
      }
    }
    visitor.reference(header.l1Offset, l1.size() * 8L);
    for (int i = 0; i < l1.size(); i++) {
      table(l1.get(i), visitor);
    }
    visitor.reference(header.snapshotsOffset, SnapshotTable.bytes(image.file(), header));
    for (Snapshot snapshot : snapshots) {
      snapshotTables(snapshot, visitor);
    }
    StoredBitmaps.visit(image.file(), header, visitor);
  }

  private void snapshotTables(Snapshot snapshot, Visitor visitor) throws BlockException {
    ByteBuffer raw = snapshot.readL1(image);
    visitor.reference(snapshot.l1Offset(), snapshot.l1Size() * 8L);
    while (raw.hasRemaining()) {
      table(raw.getLong(), visitor);
    }
  }

  private void table(long l1Entry, Visitor visitor) throws BlockException {
    Geometry geometry = image.geometry();
    long offset = l1Entry & Format.OFFSET_MASK;
    if (offset == 0 || !geometry.aligned(offset)) {
      return;
    }
    visitor.reference(offset, geometry.clusterSize());
    ByteBuffer raw = ByteBuffer.allocate(geometry.clusterSize());
    image.file().read(offset, raw);
    raw.flip();
    while (raw.hasRemaining()) {
      cluster(raw.getLong(), visitor);
      if (geometry.extended()) {
        raw.getLong();
      }
    }
  }

  private void cluster(long entry, Visitor visitor) {
    Geometry geometry = image.geometry();
    switch (geometry.typeOf(entry)) {
      case COMPRESSED ->
          visitor.reference(geometry.compressedOffset(entry), geometry.compressedBytes(entry));
      case NORMAL, ZERO_ALLOCATED -> {
        long offset = ClusterType.hostOffset(entry);
        if (geometry.aligned(offset) && !geometry.dataFile()) {
          visitor.reference(offset, geometry.clusterSize());
        }
      }
      case UNALLOCATED, ZERO_PLAIN -> {}
    }
  }
}
