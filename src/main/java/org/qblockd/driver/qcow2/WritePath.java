// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * Writes guest bytes: in place without a lock where the image owns the clusters; else a run of host
 * clusters is reserved under the metadata lock, filled without it, and entered in the L2 table
 * under it. Any thread.
 */
final class WritePath {
  private final ImageState image;
  private final ClusterMap map;
  private final TableEditor tables;
  private final L2Cache l2;
  private final ClusterAllocator allocator;
  private final InFlight inFlight;
  private final CopyOnWrite copyOnWrite;
  private final AllocationPlan plan;

  WritePath(
      ImageState image,
      ClusterMap map,
      TableEditor tables,
      L2Cache l2,
      ClusterAllocator allocator,
      InFlight inFlight,
      CopyOnWrite copyOnWrite) {
    this.image = image;
    this.map = map;
    this.tables = tables;
    this.l2 = l2;
    this.allocator = allocator;
    this.inFlight = inFlight;
    this.copyOnWrite = copyOnWrite;
    this.plan = new AllocationPlan(image, allocator);
  }

  /** Writes all that remains in {@code from}; within a request counted in {@link RequestEpochs}. */
  void write(long offset, ByteBuffer from) throws BlockException {
    int end = from.limit();
    long at = offset;
    while (from.position() < end) {
      int before = from.position();
      Mapping.Data data = map.inPlace(at, end - before);
      if (data != null) {
        from.limit(before + (int) data.length());
        image.checkData(data.hostOffset(), data.length());
        image.file().event("write_aio");
        image.data().write(at, data.hostOffset(), from);
      } else {
        writeAllocating(at, from);
      }
      at += from.position() - before;
      from.limit(end);
    }
  }

  private void writeAllocating(long offset, ByteBuffer from) throws BlockException {
    InFlight.Allocation clusters = reserve(offset, from.remaining(), false);
    if (clusters == null) {
      return;
    }
    boolean linked = false;
    try {
      int bytes = (int) Math.min(from.remaining(), clusters.end() - offset);
      from.limit(from.position() + bytes);
      copyOnWrite.fill(clusters, offset, from);
      link(clusters);
      linked = true;
    } finally {
      if (!linked) {
        abandon(clusters);
      }
    }
  }

  /** Allocates clusters for a range without writing data; they read as zeroes. */
  void preallocate(long offset, long bytes) throws BlockException {
    long at = offset;
    while (at < offset + bytes) {
      long piece = Math.min(offset + bytes - at, 1L << 30);
      InFlight.Allocation clusters = reserve(at, piece, true);
      if (clusters == null) {
        at = image.geometry().clusterStart(at) + image.geometry().clusterSize();
        continue;
      }
      boolean linked = false;
      try {
        copyOnWrite.zero(clusters);
        link(clusters);
        linked = true;
      } finally {
        if (!linked) {
          abandon(clusters);
        }
      }
      at = clusters.end();
    }
  }

  /**
   * Host clusters for the first guest clusters of the range, entered as in flight; null when there
   * is nothing to allocate (any more), so that the caller looks again.
   */
  private InFlight.@Nullable Allocation reserve(long offset, long bytes, boolean roomOnly)
      throws BlockException {
    Geometry geometry = image.geometry();
    long start = geometry.clusterStart(offset);
    long spanEnd = (geometry.sliceIndex(offset) + 1) << geometry.sliceSpanBits();
    long end = Math.min(geometry.clusterEnd(offset + bytes), spanEnd);
    L2Slice slice = tables.lock(offset);
    try {
      InFlight.Allocation other = inFlight.overlapping(start, end);
      if (other != null && other.start() <= start) {
        inFlight.awaitEnd();
        return null;
      }
      long limit = other == null ? end : other.start();
      int count = (int) ((limit - start) >>> geometry.clusterBits());
      long writeEnd = roomOnly ? offset : offset + bytes;
      InFlight.Allocation clusters =
          plan.plan(slice, new AllocationPlan.Wanted(start, count, offset, writeEnd));
      if (clusters != null) {
        inFlight.add(clusters);
      }
      return clusters;
    } finally {
      image.lock().unlock();
    }
  }

  /** Enters the clusters in the L2 table, gives the old ones back, lets waiting requests go on. */
  private void link(InFlight.Allocation clusters) throws BlockException {
    Geometry geometry = image.geometry();
    List<Long> old = new ArrayList<>();
    L2Slice slice = tables.lock(clusters.start());
    try {
      image.corruption().checkUsable();
      int first = geometry.indexInSlice(clusters.start());
      int count = (int) ((clusters.end() - clusters.start()) >>> geometry.clusterBits());
      for (int i = 0; i < count; i++) {
        L2Entry previous = slice.entry(first + i);
        long guest = clusters.start() + ((long) i << geometry.clusterBits());
        l2.set(slice, first + i, plan.linked(clusters, guest, previous));
        if (!refersTo(previous.value(), clusters.host(guest))) {
          old.add(previous.value());
        }
      }
      for (long entry : old) {
        allocator.freeEntry(entry, false);
      }
      inFlight.remove(clusters);
    } finally {
      image.lock().unlock();
    }
  }

  private static boolean refersTo(long entry, long host) {
    return (entry & Format.COMPRESSED) == 0 && ClusterType.hostOffset(entry) == host;
  }

  private void abandon(InFlight.Allocation clusters) {
    image.lock().lock();
    try {
      inFlight.remove(clusters);
      if (!clusters.ownClusters()) {
        allocator.free(clusters.hostOffset(), clusters.end() - clusters.start(), false);
      }
    } finally {
      image.lock().unlock();
    }
  }
}
