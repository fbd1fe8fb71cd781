// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * Answers where guest bytes lie, without a lock when the tables are in memory. Any thread, within a
 * request that is counted in {@link RequestEpochs} if it acts on the answer.
 */
final class ClusterMap {
  private final ImageState image;
  private final L2Cache l2;
  private final SubclusterMap subclusters;

  ClusterMap(ImageState image, L2Cache l2) {
    this.image = image;
    this.l2 = l2;
    this.subclusters = new SubclusterMap(image);
  }

  /**
   * The mapping of at most {@code bytes} bytes at {@code offset}; ends with the slice at latest.
   */
  Mapping lookup(long offset, long bytes) throws BlockException {
    Geometry geometry = image.geometry();
    long span = 1L << geometry.sliceSpanBits();
    long limit = Math.min(bytes, span - (offset & (span - 1)));
    L2Slice slice = l2.get(geometry.sliceIndex(offset));
    if (slice == null) {
      return new Mapping.Unallocated(Mapping.NOWHERE, limit);
    }
    if (geometry.extended()) {
      return subclusters.lookup(slice, offset, limit);
    }
    int at = geometry.indexInSlice(offset);
    long inCluster = geometry.offsetInCluster(offset);
    long entry = slice.get(at);
    ClusterType type = checkedType(slice, at, entry);
    if (type == ClusterType.COMPRESSED) {
      return new Mapping.Compressed(entry, Math.min(limit, geometry.clusterSize() - inCluster));
    }
    int wanted = (int) geometry.clusters(inCluster + limit);
    int count = run(slice, at, wanted, entry, type);
    long length = Math.min(limit, ((long) count << geometry.clusterBits()) - inCluster);
    long host = ClusterType.hostOffset(entry);
    return switch (type) {
      case NORMAL -> new Mapping.Data(host + inCluster, length);
      case ZERO_ALLOCATED -> new Mapping.Zero(host + inCluster, length);
      case ZERO_PLAIN -> new Mapping.Zero(Mapping.NOWHERE, length);
      case UNALLOCATED -> new Mapping.Unallocated(Mapping.NOWHERE, length);
      case COMPRESSED -> throw new AssertionError();
    };
  }

  /** How many clusters from {@code at} on go on as the first: same type, next host cluster. */
  private int run(L2Slice slice, int at, int wanted, long first, ClusterType type)
      throws BlockException {
    int count = 1;
    int clusterBits = image.geometry().clusterBits();
    boolean stored = type.placed();
    long host = ClusterType.hostOffset(first);
    while (count < wanted) {
      long entry = slice.get(at + count);
      if (checkedType(slice, at + count, entry) != type) {
        break;
      }
      long expected = stored ? host + ((long) count << clusterBits) : 0;
      if (stored && ClusterType.hostOffset(entry) != expected) {
        break;
      }
      count++;
    }
    return count;
  }

  /** Bytes that may be written in place at {@code offset}, as data; null when the first may not. */
  Mapping.@Nullable Data inPlace(long offset, long bytes) throws BlockException {
    Geometry geometry = image.geometry();
    L2Slice slice = l2.get(geometry.sliceIndex(offset));
    if (slice == null) {
      return null;
    }
    int at = geometry.indexInSlice(offset);
    long first = slice.get(at);
    if (!geometry.writableInPlace(first)) {
      return null;
    }
    if (geometry.extended()) {
      return subclusters.inPlace(slice, offset, bytes);
    }
    checkedType(slice, at, first);
    long inCluster = geometry.offsetInCluster(offset);
    int wanted = (int) Math.min(geometry.clusters(inCluster + bytes), geometry.sliceEntries() - at);
    int count = 1;
    while (count < wanted
        && slice.get(at + count) == first + ((long) count << geometry.clusterBits())) {
      count++;
    }
    long length = Math.min(bytes, ((long) count << geometry.clusterBits()) - inCluster);
    return new Mapping.Data(ClusterType.hostOffset(first) + inCluster, length);
  }

  /** The type of an entry that makes sense; damage is reported. */
  ClusterType checkedType(L2Slice slice, int at, long entry) throws BlockException {
    Geometry geometry = image.geometry();
    ClusterType type = geometry.typeOf(entry);
    boolean zero = type == ClusterType.ZERO_PLAIN || type == ClusterType.ZERO_ALLOCATED;
    if (zero && geometry.version() < 3) {
      throw damaged("Zero cluster entry found in pre-v3 image", slice, at);
    }
    long host = ClusterType.hostOffset(entry);
    if (type.placed() && !geometry.aligned(host)) {
      throw damaged("Cluster allocation offset " + Corruption.hex(host) + " unaligned", slice, at);
    }
    return type;
  }

  private BlockException damaged(String what, L2Slice slice, int at) {
    return image.corruption().fatal(what + " " + place(image.geometry(), slice, at));
  }

  /** The place of an entry, for messages. */
  static String place(Geometry geometry, L2Slice slice, int at) {
    long inTable = geometry.sliceOffsetInTable(slice.index);
    return "(L2 offset: "
        + Corruption.hex(slice.hostOffset - inTable)
        + ", L2 index: "
        + Corruption.hex((inTable >>> geometry.entryBits()) + at)
        + ")";
  }
}
