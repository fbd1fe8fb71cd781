// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Takes and deletes internal snapshots. Control lane, while no request is in flight; the list can
 * be read by any thread. A kill at any moment leaks clusters at most: refcounts grow before a
 * snapshot is listed, and shrink after it is not listed any more. Source: qcow2 specification,
 * "Snapshots".
 */
final class SnapshotStore {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long NANOS_PER_MICRO = 1000;

  private final ImageState image;
  private final RefcountTable refcounts;
  private final ClusterAllocator allocator;
  private final L1Table l1;
  private final L2Cache l2;
  private final WriteBack writeBack;
  private volatile List<Snapshot> snapshots;

  SnapshotStore(
      ImageState image,
      List<Snapshot> snapshots,
      RefcountTable refcounts,
      ClusterAllocator allocator,
      L1Table l1,
      L2Cache l2,
      WriteBack writeBack) {
    this.image = image;
    this.snapshots = snapshots;
    this.refcounts = refcounts;
    this.allocator = allocator;
    this.l1 = l1;
    this.l2 = l2;
    this.writeBack = writeBack;
  }

  List<Snapshot> list() {
    return snapshots;
  }

  /** Takes a snapshot; what fails leaves no trace but, perhaps, clusters that count as used. */
  void create(String name, long realtimeMicros, long vmClockNanos) throws BlockException {
    if (image.geometry().dataFile()) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    if (snapshots.size() >= Format.MAX_SNAPSHOTS) {
      throw BlockException.io(Errno.EFBIG);
    }
    writeBack.settle();
    SharedTables tables = new SharedTables(image, refcounts);
    long[] active = l1.copy(l1.size());
    long table = copyL1(active);
    boolean shared = false;
    try {
      tables.share(active);
      shared = true;
    } finally {
      if (!shared) {
        freeL1(table, active.length);
      }
    }
    try {
      writeBack.settle();
      tables.setCopied(l1, l2);
      writeBack.settle();
      Snapshot snapshot =
          new Snapshot(
              table,
              active.length,
              nextId(),
              name,
              realtimeMicros / MICROS_PER_SECOND,
              realtimeMicros % MICROS_PER_SECOND * NANOS_PER_MICRO,
              vmClockNanos,
              0,
              image.header().size,
              -1,
              Snapshot.Further.NONE);
      List<Snapshot> next = new ArrayList<>(snapshots);
      next.add(snapshot);
      writeList(next);
    } catch (BlockException failed) {
      giveUp(tables, active, table);
      throw failed;
    }
  }

  private void giveUp(SharedTables tables, long[] active, long table) throws BlockException {
    tables.unshare(active, allocator);
    freeL1(table, active.length);
    writeBack.settle();
    tables.setCopied(l1, l2);
    writeBack.settle();
  }

  private long copyL1(long[] entries) throws BlockException {
    if (entries.length == 0) {
      return 0;
    }
    ByteBuffer raw = ByteBuffer.allocate(entries.length * 8);
    for (long entry : entries) {
      raw.putLong(entry & ~Format.COPIED);
    }
    long offset = place(raw.capacity(), "snapshot L1 table");
    writeAt(offset, OverlapChecks.NONE, raw.flip());
    return offset;
  }

  private void freeL1(long offset, int entries) {
    free(offset, entries * 8L);
  }

  private void free(long offset, long bytes) {
    if (bytes > 0) {
      image.lock().lock();
      try {
        allocator.free(offset, bytes, image.options().discards().snapshot());
      } finally {
        image.lock().unlock();
      }
    }
  }

  private long place(int bytes, String what) throws BlockException {
    image.lock().lock();
    try {
      return allocator.allocateExactly((int) image.geometry().clusters(bytes), what);
    } finally {
      image.lock().unlock();
    }
  }

  private void writeAt(long offset, int kind, ByteBuffer bytes) throws BlockException {
    image.overlaps().check(kind, offset, bytes.remaining());
    image.file().write(offset, bytes);
  }

  private String nextId() {
    long highest = 0;
    for (Snapshot snapshot : snapshots) {
      highest = Math.max(highest, leadingNumber(snapshot.id()));
    }
    return Long.toString(highest + 1);
  }

  private static long leadingNumber(String id) {
    long value = 0;
    for (int i = 0; i < id.length() && Character.isDigit(id.charAt(i)) && i < 18; i++) {
      value = value * 10 + Character.digit(id.charAt(i), 10);
    }
    return value;
  }

  /** Writes the list to a new place, then lets the header point there. */
  private void writeList(List<Snapshot> next) throws BlockException {
    ByteBuffer raw = SnapshotTable.encode(next);
    int bytes = raw.remaining();
    long offset = bytes == 0 ? 0 : place(bytes, "snapshot table");
    Header header = image.header();
    long oldOffset = header.snapshotsOffset;
    long oldBytes = SnapshotTable.bytes(image.file(), header);
    try {
      if (bytes > 0) {
        writeAt(offset, OverlapChecks.NONE, raw);
      }
      writeBack.settle();
      ByteBuffer place = ByteBuffer.allocate(12).putInt(next.size()).putLong(offset);
      image.file().write(Format.AT_SNAPSHOTS, place.flip());
      image.file().flush();
    } catch (BlockException failed) {
      free(offset, bytes);
      throw failed;
    }
    header.snapshotCount = next.size();
    header.snapshotsOffset = offset;
    snapshots = List.copyOf(next);
    image.overlaps().setSnapshots(next, bytes);
    free(oldOffset, oldBytes);
    writeBack.settle();
  }

  /** Deletes a snapshot: first from the list, then what only it used. */
  void delete(Snapshot snapshot) throws BlockException {
    if (image.geometry().dataFile()) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    writeBack.settle();
    ByteBuffer raw = snapshot.readL1(image);
    long[] entries = new long[snapshot.l1Size()];
    raw.asLongBuffer().get(entries);
    List<Snapshot> next = new ArrayList<>(snapshots);
    next.remove(snapshot);
    try {
      writeList(next);
    } catch (BlockException failed) {
      throw BlockException.withErrno(
          failed.errno(), "Failed to remove snapshot from snapshot list");
    }
    SharedTables tables = new SharedTables(image, refcounts);
    try {
      tables.unshare(entries, allocator);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to free the cluster and L1 table");
    }
    freeL1(snapshot.l1Offset(), snapshot.l1Size());
    writeBack.settle();
    try {
      tables.setCopied(l1, l2);
      writeBack.settle();
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to update snapshot status in disk");
    }
  }
}
