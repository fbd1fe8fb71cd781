// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.RequestFlags;

/** Writes zeroes and discards by changing L2 entries only. Any thread. */
final class ZeroPath {
  /** What becomes of one entry. */
  private interface Change {
    /** The new entry; the same as {@code old} where nothing changes. */
    long apply(long old) throws BlockException;
  }

  /**
   * How a range is changed.
   *
   * @param create whether ranges without an L2 table need one
   * @param discard whether freed clusters are discarded in the file
   */
  private record Plan(Change change, boolean create, boolean discard) {}

  private final ImageState image;
  private final TableEditor tables;
  private final L2Cache l2;
  private final L1Table l1;
  private final ClusterAllocator allocator;
  private final InFlight inFlight;
  private final ReadPath reader;

  ZeroPath(
      ImageState image,
      TableEditor tables,
      L2Cache l2,
      L1Table l1,
      ClusterAllocator allocator,
      InFlight inFlight,
      ReadPath reader) {
    this.image = image;
    this.tables = tables;
    this.l2 = l2;
    this.l1 = l1;
    this.allocator = allocator;
    this.inFlight = inFlight;
    this.reader = reader;
  }

  /**
   * Makes the range read as zeroes.
   *
   * @throws BlockException ENOTSUP for version 2 over a backing file, and for part of a cluster
   *     whose rest is not zero
   */
  void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    Geometry geometry = image.geometry();
    if (geometry.version() < 3 && image.backing().present()) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    long end = offset + bytes;
    long head = geometry.offsetInCluster(offset);
    long tail = end == image.header().size ? 0 : geometry.clusterEnd(end) - end;
    if (head != 0 && !reader.knownZero(offset - head, head)
        || tail != 0 && !reader.knownZero(end, tail)) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    boolean unmap = (flags & RequestFlags.MAY_UNMAP) != 0;
    boolean zeroEntries = geometry.version() >= 3;
    Change change = zeroEntries ? old -> zeroed(old, unmap) : old -> 0;
    Plan plan = new Plan(change, zeroEntries, image.options().discards().request());
    if (head != 0 || tail != 0) {
      zeroPart(offset - head, geometry.clusterEnd(end), plan);
    } else {
      apply(offset, geometry.clusterEnd(end), plan);
    }
  }

  private long zeroed(long old, boolean unmap) {
    ClusterType type = ClusterType.of(old);
    boolean allocated = type == ClusterType.NORMAL || type == ClusterType.ZERO_ALLOCATED;
    boolean drop = type == ClusterType.COMPRESSED || unmap && allocated;
    boolean keep = image.options().discardNoUnref() && type != ClusterType.COMPRESSED;
    return drop && !keep ? Format.ZERO : old | Format.ZERO;
  }

  /** A request for part of a cluster may drop the whole only while no data is in it. */
  private void zeroPart(long start, long end, Plan plan) throws BlockException {
    Change careful =
        old -> {
          ClusterType type = ClusterType.of(old);
          if (type == ClusterType.NORMAL || type == ClusterType.COMPRESSED) {
            throw BlockException.io(Errno.ENOTSUP);
          }
          return plan.change.apply(old);
        };
    apply(start, end, new Plan(careful, plan.create, plan.discard));
  }

  /**
   * Gives the range back.
   *
   * @throws BlockException ENOTSUP for parts of clusters, and where the backing file would show
   */
  void discard(long offset, long bytes) throws BlockException {
    Geometry geometry = image.geometry();
    boolean backing = image.backing().present();
    long end = offset + bytes;
    boolean wholeEnd = geometry.aligned(end) || end == image.header().size;
    if (!geometry.aligned(offset) || !wholeEnd || geometry.version() < 3 && backing) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    Plan plan =
        new Plan(old -> discarded(old, backing), backing, image.options().discards().request());
    apply(offset, geometry.clusterEnd(end), plan);
  }

  private long discarded(long old, boolean backing) {
    ClusterType type = ClusterType.of(old);
    boolean allocated = type != ClusterType.UNALLOCATED && type != ClusterType.ZERO_PLAIN;
    if (!backing && !allocated) {
      return old;
    }
    if (image.geometry().version() < 3) {
      return 0;
    }
    boolean keep = image.options().discardNoUnref() && type != ClusterType.COMPRESSED;
    return keep ? old | Format.ZERO : Format.ZERO;
  }

  /** Unallocates the range: the backing file shows, or zeroes. The offset begins a cluster. */
  void unallocate(long offset, long end, boolean discard) throws BlockException {
    apply(offset, image.geometry().clusterEnd(end), new Plan(old -> 0, false, discard));
  }

  // ---- changing entries -----------------------------------------------------------------------

  private void apply(long start, long end, Plan plan) throws BlockException {
    Geometry geometry = image.geometry();
    long at = start;
    while (at < end) {
      if (!plan.create && l1.tableOffset(geometry.l1Index(at)) == 0) {
        at = ((at >>> geometry.tableSpanBits()) + 1) << geometry.tableSpanBits();
        continue;
      }
      long sliceEnd = (geometry.sliceIndex(at) + 1) << geometry.sliceSpanBits();
      long stop = Math.min(end, sliceEnd);
      if (applyInSlice(at, stop, plan)) {
        at = stop;
      }
    }
  }

  /** Changes the entries of a range within a slice; false: it waited, try again. */
  private boolean applyInSlice(long start, long end, Plan plan) throws BlockException {
    L2Slice slice = lockFor(start, plan);
    if (slice == null) {
      return true;
    }
    List<Long> kept = new ArrayList<>();
    InFlight.Allocation busy = null;
    try {
      image.corruption().checkUsable();
      if (inFlight.overlapping(start, end) != null) {
        inFlight.awaitEnd();
        return false;
      }
      changeEntries(slice, start, end, plan, kept);
      if (!kept.isEmpty()) {
        busy = new InFlight.Allocation(start, end, 0, true, false);
        inFlight.add(busy);
      }
    } finally {
      image.lock().unlock();
    }
    if (busy != null) {
      discardKept(busy, kept);
    }
    return true;
  }

  private @Nullable L2Slice lockFor(long offset, Plan plan) throws BlockException {
    return plan.create ? tables.lock(offset) : tables.lockExisting(offset);
  }

  private void changeEntries(L2Slice slice, long start, long end, Plan plan, List<Long> kept)
      throws BlockException {
    Geometry geometry = image.geometry();
    int first = geometry.indexInSlice(start);
    int count = (int) ((end - start) >>> geometry.clusterBits());
    for (int i = first; i < first + count; i++) {
      long old = slice.get(i);
      long next = plan.change.apply(old);
      if (next == old) {
        continue;
      }
      l2.set(slice, i, next);
      if (ClusterType.hostOffset(next) == 0) {
        allocator.freeEntry(old, plan.discard);
      } else if (image.options().discardNoUnref() && plan.discard) {
        kept.add(ClusterType.hostOffset(next));
      }
    }
  }

  /** Discards clusters that stay ours, while nobody can write to them again. */
  private void discardKept(InFlight.Allocation busy, List<Long> kept) throws BlockException {
    try {
      for (long host : kept) {
        image.file().discard(host, image.geometry().clusterSize());
      }
    } finally {
      image.lock().lock();
      try {
        inFlight.remove(busy);
      } finally {
        image.lock().unlock();
      }
    }
  }
}
