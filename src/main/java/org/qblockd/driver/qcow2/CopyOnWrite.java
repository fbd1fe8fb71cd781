// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.PooledBuffer;

/**
 * Fills newly allocated host clusters: the guest's new bytes, and around them what was there
 * before, in one write where that is not much. Any thread; no lock.
 */
final class CopyOnWrite {
  /** Head, data and tail up to this many bytes together go out as one write. */
  private static final int MERGE_BYTES = 256 << 10;

  private static final int COPY_BYTES = 1 << 20;

  private final ImageState image;
  private final ReadPath reader;

  CopyOnWrite(ImageState image, ReadPath reader) {
    this.image = image;
    this.reader = reader;
  }

  /** Writes {@code from}, guest bytes at {@code offset}, into the clusters of the allocation. */
  void fill(InFlight.Allocation clusters, long offset, ByteBuffer from) throws BlockException {
    long copyStart = clusters.copyStart();
    long copyEnd = clusters.copyEnd();
    long head = offset - copyStart;
    long tail = copyEnd - offset - from.remaining();
    boolean blank = clusters.blank() && !image.data().encrypted();
    boolean copyHead = head > 0 && !(blank && reader.knownZero(copyStart, head));
    boolean copyTail = tail > 0 && !(blank && reader.knownZero(copyEnd - tail, tail));
    long total = copyEnd - copyStart;
    image.checkData(clusters.host(copyStart), total);
    long dataHost = clusters.host(offset);
    if (!copyHead && !copyTail) {
      image.file().event("write_aio");
      image.data().write(offset, dataHost, from);
    } else if (total <= MERGE_BYTES) {
      long start = copyHead ? copyStart : offset;
      long end = copyTail ? copyEnd : copyEnd - tail;
      merged(start, end, offset, from, clusters);
    } else {
      image.file().event("write_aio");
      image.data().write(offset, dataHost, from);
      copy(clusters, copyStart, copyHead ? head : 0);
      copy(clusters, copyEnd - tail, copyTail ? tail : 0);
    }
  }

  private void merged(
      long start, long end, long offset, ByteBuffer from, InFlight.Allocation clusters)
      throws BlockException {
    try (PooledBuffer pooled = BufferPool.get((int) (end - start))) {
      ByteBuffer all = pooled.buffer().clear().limit((int) (end - start));
      int dataEnd = (int) (offset - start) + from.remaining();
      all.limit((int) (offset - start));
      reader.read(start, all);
      all.limit(dataEnd);
      all.put(from);
      all.limit((int) (end - start));
      reader.read(start + dataEnd, all);
      image.file().event("write_aio");
      image.data().write(start, clusters.host(start), all.flip());
    }
  }

  private void copy(InFlight.Allocation clusters, long guest, long bytes) throws BlockException {
    long host = clusters.host(guest);
    if (bytes > 0 && reader.knownZero(guest, bytes)) {
      image.data().writeZeroes(guest, host, bytes);
      return;
    }
    long done = 0;
    while (done < bytes) {
      int step = (int) Math.min(COPY_BYTES, bytes - done);
      try (PooledBuffer pooled = BufferPool.get(step)) {
        ByteBuffer piece = pooled.buffer().clear().limit(step);
        image.file().event("cow_read");
        reader.read(guest + done, piece);
        image.file().event("cow_write");
        image.data().write(guest + done, host + done, piece.flip());
      }
      done += step;
    }
  }

  /** Makes whole clusters read as zeroes where they were not blank; for preallocation. */
  void zero(InFlight.Allocation clusters) throws BlockException {
    boolean unseen = image.geometry().extended();
    if (!unseen && (!clusters.blank() || image.data().encrypted())) {
      long bytes = clusters.end() - clusters.start();
      image.data().writeZeroes(clusters.start(), clusters.hostOffset(), bytes);
    }
  }
}
