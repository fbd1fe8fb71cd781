// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.Zeroes;

/** Reads guest bytes: asks the map, then does the I/O, without a lock. Any thread. */
final class ReadPath {
  private final ImageState image;
  private final ClusterMap map;

  ReadPath(ImageState image, ClusterMap map) {
    this.image = image;
    this.map = map;
  }

  /** Fills {@code into} with the guest bytes at {@code offset}. */
  void read(long offset, ByteBuffer into) throws BlockException {
    int end = into.limit();
    long at = offset;
    while (into.position() < end) {
      Mapping mapping = map.lookup(at, end - into.position());
      into.limit(into.position() + (int) mapping.length());
      switch (mapping) {
        case Mapping.Data data -> {
          image.file().event("read_aio");
          image.data().read(at, data.hostOffset(), into);
        }
        case Mapping.Zero zero -> Zeroes.fill(into);
        case Mapping.Unallocated hole -> readBacking(at, into);
        case Mapping.Compressed compressed -> readCompressed(compressed.entry(), at, into);
      }
      at += mapping.length();
      into.limit(end);
    }
  }

  private void readBacking(long offset, ByteBuffer into) throws BlockException {
    if (image.backing().present()) {
      image.file().event("read_backing_aio");
      image.backing().read(offset, into);
    } else {
      Zeroes.fill(into);
    }
  }

  private void readCompressed(long entry, long offset, ByteBuffer into) throws BlockException {
    Geometry geometry = image.geometry();
    int bytes = geometry.compressedBytes(entry);
    try (PooledBuffer stored = BufferPool.get(bytes);
        PooledBuffer whole = BufferPool.get(geometry.clusterSize())) {
      ByteBuffer compressed = stored.buffer().clear().limit(bytes);
      image.file().event("read_compressed");
      image.file().read(geometry.compressedOffset(entry), compressed);
      ByteBuffer cluster = whole.buffer().clear().limit(geometry.clusterSize());
      if (!Compression.inflate(image.header().compressionType, compressed.flip(), cluster)) {
        throw BlockException.io(Errno.EIO);
      }
      int from = (int) geometry.offsetInCluster(offset);
      into.put(cluster.slice(from, into.remaining()));
    }
  }

  /** Whether the guest range certainly reads as zeroes, without reading data. */
  boolean knownZero(long offset, long bytes) throws BlockException {
    long at = offset;
    while (at < offset + bytes) {
      Mapping mapping = map.lookup(at, offset + bytes - at);
      boolean zero =
          switch (mapping) {
            case Mapping.Data data -> false;
            case Mapping.Compressed compressed -> false;
            case Mapping.Zero z -> true;
            case Mapping.Unallocated hole -> !image.backing().present();
          };
      if (!zero) {
        return false;
      }
      at += mapping.length();
    }
    return true;
  }
}
