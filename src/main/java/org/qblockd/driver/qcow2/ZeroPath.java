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
    /** The new entry; equal to {@code old} where nothing changes. */
    L2Entry apply(L2Entry old) throws BlockException;
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
   *     (subcluster) whose rest is not zero
   */
  void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    Geometry geometry = image.geometry();
    if (geometry.version() < 3 && image.backing().present()) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    long end = offset + bytes;
    boolean atEnd = end == image.header().size;
    long start = geometry.subclusterStart(offset);
    long stop = atEnd ? geometry.clusterEnd(end) : geometry.subclusterEnd(end);
    long head = offset - start;
    long tail = atEnd ? 0 : stop - end;
    if (head != 0 && !reader.knownZero(start, head) || tail != 0 && !reader.knownZero(end, tail)) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    boolean unmap = (flags & RequestFlags.MAY_UNMAP) != 0;
    boolean zeroEntries = geometry.version() >= 3;
    Change change = zeroEntries ? old -> zeroed(old, unmap) : old -> L2Entry.NONE;
    Plan plan = new Plan(change, zeroEntries, image.options().discards().request());
    boolean part = head != 0 || tail != 0;
    if (image.data().raw()) {
      zeroRaw(offset, bytes);
    }
    if (geometry.extended()) {
      zeroSubclusters(start, stop, plan, part);
    } else {
      apply(start, stop, part ? careful(plan) : plan);
    }
  }

  /** What the data file shows by itself must be zero, too. */
  private void zeroRaw(long offset, long bytes) throws BlockException {
    long end = Math.min(offset + bytes, image.header().size);
    if (end > offset) {
      image.data().writeZeroes(offset, offset, end - offset);
    }
  }

  private L2Entry zeroed(L2Entry old, boolean unmap) {
    ClusterType type = image.geometry().typeOf(old.value());
    boolean drop = type == ClusterType.COMPRESSED || unmap && type.placed();
    boolean keep = image.options().discardNoUnref() && type != ClusterType.COMPRESSED;
    return zeroes(drop && !keep ? 0 : old.value());
  }

  /** An entry that keeps its host cluster, if any, and reads as zeroes. */
  private L2Entry zeroes(long value) {
    return image.geometry().extended()
        ? new L2Entry(value, L2Entry.ALL_ZEROES)
        : new L2Entry(value | Format.ZERO, 0);
  }

  /** A request for part of a cluster may drop the whole only while no data is in it. */
  private Plan careful(Plan plan) {
    Change careful =
        old -> {
          ClusterType type = image.geometry().typeOf(old.value());
          if (type == ClusterType.NORMAL || type == ClusterType.COMPRESSED) {
            throw BlockException.io(Errno.ENOTSUP);
          }
          return plan.change.apply(old);
        };
    return new Plan(careful, plan.create, plan.discard);
  }

  // ---- extended L2 entries --------------------------------------------------------------------

  /** Whole clusters are dropped or marked, at either end the subclusters of one. */
  private void zeroSubclusters(long start, long end, Plan plan, boolean part)
      throws BlockException {
    Geometry geometry = image.geometry();
    long firstWhole = geometry.clusterEnd(start);
    long lastWhole = geometry.clusterStart(end);
    if (start < firstWhole) {
      zeroInCluster(start, Math.min(end, firstWhole), part);
    }
    if (firstWhole < lastWhole) {
      apply(firstWhole, lastWhole, plan);
    }
    if (lastWhole < end && lastWhole >= firstWhole) {
      zeroInCluster(lastWhole, end, part);
    }
  }

  /**
   * Marks subclusters of one cluster.
   *
   * @param careful whether none of them may hold data
   */
  private void zeroInCluster(long start, long end, boolean careful) throws BlockException {
    Geometry geometry = image.geometry();
    int first = geometry.subclusterIndex(start);
    int last = geometry.subclusterIndex(end - 1) + 1;
    long zero = L2Entry.zeroBits(first, last);
    long allocated = L2Entry.allocatedBits(first, last);
    Change change =
        old -> {
          boolean data = (old.bitmap() & allocated) != 0;
          if (geometry.typeOf(old.value()) == ClusterType.COMPRESSED || careful && data) {
            throw BlockException.io(Errno.ENOTSUP);
          }
          return new L2Entry(old.value(), (old.bitmap() | zero) & ~allocated);
        };
    long cluster = geometry.clusterStart(start);
    apply(cluster, cluster + geometry.clusterSize(), new Plan(change, true, false));
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

  private L2Entry discarded(L2Entry old, boolean backing) {
    ClusterType type = image.geometry().typeOf(old.value());
    if (!backing && !type.stored()) {
      return old;
    }
    if (image.geometry().version() < 3) {
      return L2Entry.NONE;
    }
    boolean keep = image.options().discardNoUnref() && type != ClusterType.COMPRESSED;
    return zeroes(keep ? old.value() : 0);
  }

  /** Unallocates the range: the backing file shows, or zeroes. The offset begins a cluster. */
  void unallocate(long offset, long end, boolean discard) throws BlockException {
    apply(offset, image.geometry().clusterEnd(end), new Plan(old -> L2Entry.NONE, false, discard));
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
      L2Entry old = slice.entry(i);
      L2Entry next = plan.change.apply(old);
      if (next.equals(old)) {
        continue;
      }
      l2.set(slice, i, next);
      release(old.value(), next.value(), plan, kept);
    }
  }

  /** Gives back what the entry does not hold any more; what is to be discarded goes to the list. */
  private void release(long old, long next, Plan plan, List<Long> kept) {
    Geometry geometry = image.geometry();
    boolean placed = geometry.typeOf(old).placed();
    boolean left = !geometry.typeOf(next).placed();
    if (left) {
      allocator.freeEntry(old, plan.discard);
    }
    boolean noUnref = !left && image.options().discardNoUnref();
    if (plan.discard && placed && (noUnref || left && geometry.dataFile())) {
      kept.add(ClusterType.hostOffset(old));
    }
  }

  /** Discards clusters that stay ours, while nobody can write to them again. */
  private void discardKept(InFlight.Allocation busy, List<Long> kept) throws BlockException {
    try {
      for (long host : kept) {
        image.data().file().discard(host, image.geometry().clusterSize());
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
