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
    long head = offset - clusters.start();
    long tail = clusters.end() - offset - from.remaining();
    boolean blank = clusters.blank();
    boolean copyHead = head > 0 && !(blank && reader.knownZero(clusters.start(), head));
    boolean copyTail = tail > 0 && !(blank && reader.knownZero(clusters.end() - tail, tail));
    long total = clusters.end() - clusters.start();
    image.overlaps().check(OverlapChecks.NONE, clusters.hostOffset(), total);
    long dataHost = clusters.hostOffset() + head;
    if (!copyHead && !copyTail) {
      image.file().event("write_aio");
      image.file().write(dataHost, from);
    } else if (total <= MERGE_BYTES) {
      long start = copyHead ? clusters.start() : offset;
      long end = copyTail ? clusters.end() : clusters.end() - tail;
      merged(start, end, offset, from, clusters);
    } else {
      image.file().event("write_aio");
      image.file().write(dataHost, from);
      copy(clusters, clusters.start(), copyHead ? head : 0);
      copy(clusters, clusters.end() - tail, copyTail ? tail : 0);
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
      image.file().write(clusters.hostOffset() + start - clusters.start(), all.flip());
    }
  }

  private void copy(InFlight.Allocation clusters, long guest, long bytes) throws BlockException {
    long host = clusters.hostOffset() + guest - clusters.start();
    if (bytes > 0 && reader.knownZero(guest, bytes)) {
      image.file().writeZeroes(host, bytes);
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
        image.file().write(host + done, piece.flip());
      }
      done += step;
    }
  }

  /** Makes whole clusters read as zeroes where they were not blank; for preallocation. */
  void zero(InFlight.Allocation clusters) throws BlockException {
    if (!clusters.blank()) {
      image.file().writeZeroes(clusters.hostOffset(), clusters.end() - clusters.start());
    }
  }
}
