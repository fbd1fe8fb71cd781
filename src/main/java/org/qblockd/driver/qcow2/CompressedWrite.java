// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Stores whole clusters compressed, packed one behind the other. A cluster that does not get
 * smaller is written as usual. Any thread.
 */
final class CompressedWrite {
  private final ImageState image;
  private final TableEditor tables;
  private final L2Cache l2;
  private final ClusterAllocator allocator;
  private final InFlight inFlight;
  private final WritePath writer;

  CompressedWrite(
      ImageState image,
      TableEditor tables,
      L2Cache l2,
      ClusterAllocator allocator,
      InFlight inFlight,
      WritePath writer) {
    this.image = image;
    this.tables = tables;
    this.l2 = l2;
    this.allocator = allocator;
    this.inFlight = inFlight;
    this.writer = writer;
  }

  /**
   * Writes {@code from}; the range begins with a cluster and ends with one or at {@code length}.
   *
   * @throws BlockException EINVAL for parts of clusters, EIO for clusters that are there already
   */
  void write(long offset, ByteBuffer from, long length) throws BlockException {
    Geometry geometry = image.geometry();
    if (geometry.dataFile()) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    long end = offset + from.remaining();
    if (!geometry.aligned(offset) || !geometry.aligned(end) && end != length) {
      throw BlockException.io(Errno.EINVAL);
    }
    byte[] cluster = new byte[geometry.clusterSize()];
    long at = offset;
    while (from.hasRemaining()) {
      int bytes = Math.min(from.remaining(), cluster.length);
      Arrays.fill(cluster, (byte) 0);
      from.get(cluster, 0, bytes);
      byte[] compressed = Compression.deflate(image.header().compressionType, cluster);
      if (compressed == null) {
        writer.write(at, ByteBuffer.wrap(cluster, 0, bytes));
      } else {
        checkFree(at);
        store(at, compressed);
      }
      at += bytes;
    }
  }

  /** Compressed data do not replace other data: the reference refuses it. */
  private void checkFree(long guest) throws BlockException {
    L2Slice slice = l2.get(image.geometry().sliceIndex(guest));
    if (slice != null) {
      checkFree(slice, guest);
    }
  }

  private void checkFree(L2Slice slice, long guest) throws BlockException {
    Geometry geometry = image.geometry();
    if (geometry.typeOf(slice.get(geometry.indexInSlice(guest))).stored()) {
      throw BlockException.io(Errno.EIO);
    }
  }

  private void store(long guest, byte[] compressed) throws BlockException {
    long end = guest + image.geometry().clusterSize();
    InFlight.Allocation cluster = reserve(guest, end, compressed.length);
    boolean linked = false;
    try {
      image.overlaps().check(OverlapChecks.NONE, cluster.hostOffset(), compressed.length);
      image.file().event("write_compressed");
      image.file().write(cluster.hostOffset(), ByteBuffer.wrap(compressed));
      link(cluster, compressed.length);
      linked = true;
    } finally {
      if (!linked) {
        abandon(cluster, compressed.length);
      }
    }
  }

  private InFlight.Allocation reserve(long guest, long end, int bytes) throws BlockException {
    image.lock().lock();
    try {
      while (inFlight.overlapping(guest, end) != null) {
        inFlight.awaitEnd();
      }
      long host = allocator.allocateCompressed(bytes);
      InFlight.Allocation cluster = new InFlight.Allocation(guest, end, host, false, false);
      inFlight.add(cluster);
      return cluster;
    } finally {
      image.lock().unlock();
    }
  }

  private void link(InFlight.Allocation cluster, int bytes) throws BlockException {
    L2Slice slice = tables.lock(cluster.start());
    try {
      image.corruption().checkUsable();
      checkFree(slice, cluster.start());
      int at = image.geometry().indexInSlice(cluster.start());
      long old = slice.get(at);
      long entry = image.geometry().compressedEntry(cluster.hostOffset(), bytes);
      l2.set(slice, at, new L2Entry(entry, 0));
      allocator.freeEntry(old, false);
      inFlight.remove(cluster);
    } finally {
      image.lock().unlock();
    }
  }

  private void abandon(InFlight.Allocation cluster, int bytes) {
    image.lock().lock();
    try {
      inFlight.remove(cluster);
      allocator.free(cluster.hostOffset(), bytes, false);
    } finally {
      image.lock().unlock();
    }
  }
}
