// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * Decides which clusters the first part of a write gets: room that is kept for it, or new host
 * clusters; and, with extended L2 entries, what around the written bytes must be filled too.
 * Guarded by the metadata lock.
 */
final class AllocationPlan {
  private final ImageState image;
  private final ClusterAllocator allocator;

  AllocationPlan(ImageState image, ClusterAllocator allocator) {
    this.image = image;
    this.allocator = allocator;
  }

  /**
   * What the guest asks for.
   *
   * @param start the first cluster's offset
   * @param clusters how many clusters may be planned, at least 1
   * @param offset where the bytes to write begin
   * @param end where they end; equal to {@code offset} when room is made and nothing written
   */
  record Wanted(long start, int clusters, long offset, long end) {
    boolean roomOnly() {
      return offset == end;
    }
  }

  /** The allocation; null when the first bytes can be written in place. */
  InFlight.@Nullable Allocation plan(L2Slice slice, Wanted wanted) throws BlockException {
    Geometry geometry = image.geometry();
    int at = geometry.indexInSlice(wanted.start);
    L2Entry first = slice.entry(at);
    if (inPlace(first, wanted)) {
      return null;
    }
    int count = 1;
    if (keepsCluster(first.value())) {
      long host = ClusterType.hostOffset(first.value());
      checkKept(host, wanted.start);
      while (count < wanted.clusters
          && slice.get(at + count) == first.value() + ((long) count << geometry.clusterBits())) {
        count++;
      }
      return allocation(slice, wanted, count, host, true, false);
    }
    while (count < wanted.clusters && needsCluster(slice.get(at + count))) {
      count++;
    }
    if (geometry.dataFile()) {
      return allocation(slice, wanted, count, wanted.start, true, false);
    }
    ClusterAllocator.Run run = allocator.allocate(count, ClusterAllocator.DATA);
    return allocation(slice, wanted, run.clusters(), run.offset(), false, run.blank());
  }

  private boolean inPlace(L2Entry first, Wanted wanted) {
    Geometry geometry = image.geometry();
    if (!geometry.writableInPlace(first.value())) {
      return false;
    }
    return !geometry.extended()
        || wanted.roomOnly()
        || first.allocated(geometry.subclusterIndex(wanted.offset));
  }

  private InFlight.Allocation allocation(
      L2Slice slice, Wanted wanted, int clusters, long host, boolean own, boolean blank) {
    Geometry geometry = image.geometry();
    long start = wanted.start;
    long end = start + ((long) clusters << geometry.clusterBits());
    if (!geometry.extended()) {
      return new InFlight.Allocation(start, end, host, own, blank);
    }
    if (wanted.roomOnly()) {
      return new InFlight.Allocation(start, end, host, own, blank, start, start);
    }
    long writeEnd = Math.min(end, wanted.end);
    int at = geometry.indexInSlice(start);
    L2Entry first = slice.entry(at);
    L2Entry last = slice.entry(geometry.indexInSlice(writeEnd - 1));
    long copyStart = copyStart(first, wanted.offset);
    long copyEnd = copyEnd(last, writeEnd);
    return new InFlight.Allocation(start, end, host, own, blank, copyStart, copyEnd);
  }

  /** In a cluster that is left, all that was stored moves along; in one that is kept, nothing. */
  private long copyStart(L2Entry entry, long offset) {
    Geometry geometry = image.geometry();
    long cluster = geometry.clusterStart(offset);
    if (geometry.typeOf(entry.value()) == ClusterType.COMPRESSED) {
      return cluster;
    }
    long wanted = geometry.subclusterStart(offset);
    if (keepsCluster(entry.value()) || entry.allocated() == 0) {
      return wanted;
    }
    long first = Integer.numberOfTrailingZeros(entry.allocated());
    return Math.min(wanted, cluster + (first << geometry.subclusterBits()));
  }

  private long copyEnd(L2Entry entry, long end) {
    Geometry geometry = image.geometry();
    long cluster = geometry.clusterStart(end - 1);
    if (geometry.typeOf(entry.value()) == ClusterType.COMPRESSED) {
      return cluster + geometry.clusterSize();
    }
    long wanted = geometry.subclusterEnd(end);
    if (keepsCluster(entry.value())) {
      return entry.allocated(geometry.subclusterIndex(end - 1)) ? end : wanted;
    }
    long stored = 32L - Integer.numberOfLeadingZeros(entry.allocated());
    return Math.max(wanted, cluster + (stored << geometry.subclusterBits()));
  }

  /** Room is kept for a zero cluster of our own, or for unallocated subclusters. */
  private boolean keepsCluster(long entry) {
    ClusterType type = image.geometry().typeOf(entry);
    ClusterType kept =
        image.geometry().extended() ? ClusterType.NORMAL : ClusterType.ZERO_ALLOCATED;
    return ClusterType.isOwn(entry) && type == kept;
  }

  private boolean needsCluster(long entry) {
    return !keepsCluster(entry) && !image.geometry().writableInPlace(entry);
  }

  private void checkKept(long host, long guest) throws BlockException {
    if (!image.geometry().aligned(host)) {
      throw image
          .corruption()
          .fatal(
              "Preallocated zero cluster offset "
                  + Corruption.hex(host)
                  + " unaligned (guest offset: "
                  + Corruption.hex(guest)
                  + ")");
    }
  }

  /** The L2 entry of a guest cluster once the allocation is filled. */
  L2Entry linked(InFlight.Allocation clusters, long guest, L2Entry previous) {
    Geometry geometry = image.geometry();
    long value = clusters.host(guest) | Format.COPIED;
    if (!geometry.extended()) {
      return new L2Entry(value, 0);
    }
    long clusterEnd = guest + geometry.clusterSize();
    boolean compressed = geometry.typeOf(previous.value()) == ClusterType.COMPRESSED;
    long bitmap = compressed ? 0 : previous.bitmap();
    long from = Math.max(guest, geometry.subclusterStart(clusters.copyStart()));
    long to = Math.min(clusterEnd, geometry.subclusterEnd(clusters.copyEnd()));
    if (from < to) {
      int first = (int) ((from - guest) >>> geometry.subclusterBits());
      int last = (int) ((to - guest) >>> geometry.subclusterBits());
      bitmap |= L2Entry.allocatedBits(first, last);
      bitmap &= ~L2Entry.zeroBits(first, last);
    }
    return new L2Entry(value, bitmap);
  }
}
