// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/** Answers for images with extended L2 entries where guest bytes lie. Any thread. */
final class SubclusterMap {
  private final ImageState image;

  SubclusterMap(ImageState image) {
    this.image = image;
  }

  /** The mapping at {@code offset}; the range ends within the slice. */
  Mapping lookup(L2Slice slice, long offset, long limit) throws BlockException {
    Geometry geometry = image.geometry();
    int at = geometry.indexInSlice(offset);
    L2Entry first = slice.entry(at);
    SubclusterType type = type(slice, at, first, geometry.subclusterIndex(offset));
    if (type == SubclusterType.COMPRESSED) {
      long rest = geometry.clusterSize() - geometry.offsetInCluster(offset);
      return new Mapping.Compressed(first.value(), Math.min(limit, rest));
    }
    long length = run(slice, offset, limit, type, false);
    long host =
        type.placed()
            ? ClusterType.hostOffset(first.value()) + geometry.offsetInCluster(offset)
            : Mapping.NOWHERE;
    return switch (type) {
      case NORMAL -> new Mapping.Data(host, length);
      case ZERO_PLAIN, ZERO_PLACED -> new Mapping.Zero(host, length);
      case UNALLOCATED_PLAIN, UNALLOCATED_PLACED -> new Mapping.Unallocated(host, length);
      case COMPRESSED, INVALID -> throw new AssertionError();
    };
  }

  /** Bytes from {@code offset} on that may be written in place; null when the first may not. */
  Mapping.@Nullable Data inPlace(L2Slice slice, long offset, long bytes) throws BlockException {
    Geometry geometry = image.geometry();
    long span = 1L << geometry.sliceSpanBits();
    long limit = Math.min(bytes, span - (offset & (span - 1)));
    int at = geometry.indexInSlice(offset);
    L2Entry first = slice.entry(at);
    boolean usable =
        geometry.writableInPlace(first.value())
            && type(slice, at, first, geometry.subclusterIndex(offset)) == SubclusterType.NORMAL;
    if (!usable) {
      return null;
    }
    long host = ClusterType.hostOffset(first.value()) + geometry.offsetInCluster(offset);
    return new Mapping.Data(host, run(slice, offset, limit, SubclusterType.NORMAL, true));
  }

  /**
   * How many bytes go on as the first: the same type, the next place in the file.
   *
   * @param own whether the clusters must be our own
   */
  private long run(L2Slice slice, long offset, long limit, SubclusterType type, boolean own)
      throws BlockException {
    Geometry geometry = image.geometry();
    int at = geometry.indexInSlice(offset);
    L2Entry entry = slice.entry(at);
    long host = ClusterType.hostOffset(entry.value());
    int sub = geometry.subclusterIndex(offset);
    long length = 0;
    while (true) {
      int last = sub;
      while (last < L2Entry.SUBCLUSTERS && type(slice, at, entry, last) == type) {
        last++;
      }
      length += (long) (last - sub) << geometry.subclusterBits();
      long inSubcluster = offset & (geometry.subclusterSize() - 1);
      if (last < L2Entry.SUBCLUSTERS || length - inSubcluster >= limit) {
        return Math.min(limit, length - inSubcluster);
      }
      entry = slice.entry(++at);
      host += geometry.clusterSize();
      boolean goesOn =
          (!own || ClusterType.isOwn(entry.value()))
              && (!type.placed() || ClusterType.hostOffset(entry.value()) == host);
      if (!goesOn) {
        return Math.min(limit, length - inSubcluster);
      }
      sub = 0;
    }
  }

  /** The type of a subcluster that makes sense; damage is reported. */
  private SubclusterType type(L2Slice slice, int at, L2Entry entry, int subcluster)
      throws BlockException {
    Geometry geometry = image.geometry();
    SubclusterType type = SubclusterType.of(geometry, entry, subcluster);
    if (type == SubclusterType.INVALID) {
      throw image
          .corruption()
          .fatal("Invalid cluster entry found " + ClusterMap.place(geometry, slice, at));
    }
    long host = ClusterType.hostOffset(entry.value());
    if (type.placed() && !geometry.aligned(host)) {
      throw image
          .corruption()
          .fatal(
              "Cluster allocation offset "
                  + Corruption.hex(host)
                  + " unaligned "
                  + ClusterMap.place(geometry, slice, at));
    }
    return type;
  }
}
