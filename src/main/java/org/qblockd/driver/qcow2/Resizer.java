// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** Changes the length of the disk. One at a time; requests to other ranges may be in flight. */
final class Resizer {
  private final ImageState image;
  private final L1Table l1;
  private final L2Cache l2;
  private final RefcountTable refcounts;
  private final ClusterAllocator allocator;
  private final WriteBack writeBack;
  private final WritePath writer;
  private final ZeroPath zeroes;

  Resizer(
      ImageState image,
      L1Table l1,
      L2Cache l2,
      RefcountTable refcounts,
      ClusterAllocator allocator,
      WriteBack writeBack,
      WritePath writer,
      ZeroPath zeroes) {
    this.image = image;
    this.l1 = l1;
    this.l2 = l2;
    this.refcounts = refcounts;
    this.allocator = allocator;
    this.writeBack = writeBack;
    this.writer = writer;
    this.zeroes = zeroes;
  }

  /** See {@link org.qblockd.block.Resizes#resize}. */
  void resize(long length, String preallocation, boolean zeroNew) throws BlockException {
    Header header = image.header();
    if ((length & 511) != 0) {
      throw BlockException.invalid("The new size must be a multiple of 512");
    }
    if (header.snapshotCount > 0 && header.version < 3) {
      throw BlockException.of(Errno.ENOTSUP, "Can't resize a v2 image which has snapshots");
    }
    long old = header.size;
    if (length < old) {
      shrink(length, old, preallocation);
    } else {
      grow(length, old, preallocation, zeroNew);
    }
    if (image.data().external() && preallocation.equals("off")) {
      image.data().file().resize(length, "off");
    }
    writeBack.flush();
    ByteBuffer size = ByteBuffer.allocate(8).putLong(0, length);
    try {
      image.file().write(Format.AT_SIZE, size);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to update the image size");
    }
    header.size = length;
    image.file().flush();
  }

  // ---- shrinking ------------------------------------------------------------------------------

  private void shrink(long length, long old, String preallocation) throws BlockException {
    if (!preallocation.equals("off")) {
      throw BlockException.invalid("Preallocation can't be used for shrinking an image");
    }
    Geometry geometry = image.geometry();
    try {
      zeroes.unallocate(geometry.clusterEnd(length), old, true);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to discard cropped clusters");
    }
    writeBack.flush();
    dropTables((int) geometry.l1Entries(length));
    writeBack.flush();
    writeBack.flush();
    truncateFile();
  }

  /** Frees the L2 tables beyond; what they referred to is free already. */
  private void dropTables(int from) {
    image.lock().lock();
    try {
      for (int i = from; i < l1.size(); i++) {
        long table = l1.get(i) & Format.OFFSET_MASK;
        if (table != 0) {
          l2.forgetTable(i);
          l1.set(i, 0);
          allocator.free(table, image.geometry().clusterSize(), true);
        }
      }
    } finally {
      image.lock().unlock();
    }
  }

  /** Cuts the file behind the last used cluster. Under the lock, so that nothing is allocated. */
  private void truncateFile() throws BlockException {
    Geometry geometry = image.geometry();
    image.lock().lock();
    try {
      long cluster = geometry.clusters(image.file().length());
      while (cluster > 0 && refcounts.get(cluster - 1) == 0) {
        cluster--;
      }
      long end = cluster << geometry.clusterBits();
      if (end < image.file().length()) {
        image.file().resize(end, "off");
      }
    } finally {
      image.lock().unlock();
    }
  }

  // ---- growing --------------------------------------------------------------------------------

  private void grow(long length, long old, String preallocation, boolean zeroNew)
      throws BlockException {
    try {
      growL1(image.geometry().l1Entries(length));
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to grow the L1 table");
    }
    if (!preallocation.equals("off")) {
      preallocate(old, length - old, preallocation);
    }
    if (zeroNew && preallocation.equals("off")) {
      zeroNewPart(old, length);
    }
  }

  /** What was behind the old end in its cluster, or in a longer backing file, must not show. */
  private void zeroNewPart(long old, long length) throws BlockException {
    Geometry geometry = image.geometry();
    long headEnd = Math.min(geometry.clusterEnd(old), length);
    if (headEnd > old) {
      writer.write(old, ByteBuffer.allocate((int) (headEnd - old)));
    }
    if (!image.backing().present() || headEnd == length) {
      return;
    }
    if (geometry.version() >= 3) {
      zeroes.writeZeroes(headEnd, geometry.clusterEnd(length) - headEnd, 0);
      return;
    }
    for (long at = headEnd; at < length; at += geometry.clusterSize()) {
      writer.write(at, ByteBuffer.allocate((int) Math.min(geometry.clusterSize(), length - at)));
    }
  }

  private void preallocate(long offset, long bytes, String preallocation) throws BlockException {
    Geometry geometry = image.geometry();
    long start = geometry.clusterStart(offset);
    writer.preallocate(start, geometry.clusterEnd(offset + bytes) - start);
    String how = preallocation.equals("metadata") ? "off" : preallocation;
    if (image.data().external()) {
      extend(image.data().file(), offset + bytes, how);
      return;
    }
    long end;
    image.lock().lock();
    try {
      end = allocator.end();
    } finally {
      image.lock().unlock();
    }
    extend(image.file(), end, how);
  }

  private static void extend(ImageFile file, long end, String how) throws BlockException {
    if (file.length() < end) {
      file.resize(end, how);
    }
  }

  private void growL1(long wanted) throws BlockException {
    if (wanted <= l1.size()) {
      return;
    }
    if (wanted > Format.MAX_L1_BYTES / 8) {
      throw BlockException.io(Errno.EFBIG);
    }
    writeBack.growL1((int) wanted);
  }
}
