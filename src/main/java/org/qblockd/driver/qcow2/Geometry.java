// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/**
 * The arithmetic that follows from version, cluster size and refcount width. Immutable; any thread.
 *
 * @param version 2 or 3
 * @param clusterBits 9 to 21
 * @param refcountOrder 0 to 6: refcounts are 2^order bits wide
 * @param extended whether L2 entries are extended: 16 bytes, with a bitmap of 32 subclusters
 * @param dataFile whether guest data lie in a file of their own, each cluster at its guest offset
 */
record Geometry(
    int version, int clusterBits, int refcountOrder, boolean extended, boolean dataFile) {
  /** L2 tables are cached and written in slices of at most 2^9 entries, 4 or 8 KiB. */
  private static final int MAX_SLICE_BITS = 9;

  /** Plain L2 entries, data in the image itself. */
  Geometry(int version, int clusterBits, int refcountOrder) {
    this(version, clusterBits, refcountOrder, false, false);
  }

  int clusterSize() {
    return 1 << clusterBits;
  }

  /** The bytes of an L2 entry, as a power of two. */
  int entryBits() {
    return extended ? 4 : 3;
  }

  /** The least that can be allocated by itself, as a power of two; a cluster when not extended. */
  int subclusterBits() {
    return extended ? clusterBits - 5 : clusterBits;
  }

  int subclusterSize() {
    return 1 << subclusterBits();
  }

  long subclusterStart(long offset) {
    return offset & -subclusterSize();
  }

  long subclusterEnd(long offset) {
    return (offset + subclusterSize() - 1) & -subclusterSize();
  }

  /** The number of a subcluster within its cluster. */
  int subclusterIndex(long offset) {
    return (int) (offsetInCluster(offset) >>> subclusterBits());
  }

  /** What an L2 entry says about its cluster as a whole. */
  ClusterType typeOf(long entry) {
    if ((entry & Format.COMPRESSED) != 0) {
      return ClusterType.COMPRESSED;
    }
    boolean stored = (entry & Format.OFFSET_MASK) != 0;
    if (!extended && (entry & Format.ZERO) != 0) {
      return stored ? ClusterType.ZERO_ALLOCATED : ClusterType.ZERO_PLAIN;
    }
    // In a data file the first cluster lies at 0.
    boolean first = dataFile && (entry & Format.COPIED) != 0;
    return stored || first ? ClusterType.NORMAL : ClusterType.UNALLOCATED;
  }

  /** Whether a write may go straight to the host cluster (or its allocated subclusters). */
  boolean writableInPlace(long entry) {
    return ClusterType.isOwn(entry) && typeOf(entry) == ClusterType.NORMAL;
  }

  /** Entries of an L2 table, as a power of two. */
  int l2Bits() {
    return clusterBits - entryBits();
  }

  /** Entries of an L2 slice, as a power of two. */
  int sliceBits() {
    return Math.min(l2Bits(), MAX_SLICE_BITS);
  }

  int sliceEntries() {
    return 1 << sliceBits();
  }

  int sliceBytes() {
    return 1 << entryBits() + sliceBits();
  }

  /** Guest bytes that one slice maps, as a power of two. */
  int sliceSpanBits() {
    return clusterBits + sliceBits();
  }

  long sliceIndex(long guestOffset) {
    return guestOffset >>> sliceSpanBits();
  }

  int indexInSlice(long guestOffset) {
    return (int) (guestOffset >>> clusterBits) & (sliceEntries() - 1);
  }

  /** The L1 entry under which a slice lies. */
  int l1IndexOfSlice(long sliceIndex) {
    return (int) (sliceIndex >>> (l2Bits() - sliceBits()));
  }

  /** Where a slice begins in its L2 table, in bytes. */
  int sliceOffsetInTable(long sliceIndex) {
    int slicesPerTable = 1 << (l2Bits() - sliceBits());
    return (int) (sliceIndex & (slicesPerTable - 1)) * sliceBytes();
  }

  /** Guest bytes that one L1 entry maps, as a power of two. */
  int tableSpanBits() {
    return clusterBits + l2Bits();
  }

  int l1Index(long guestOffset) {
    return (int) (guestOffset >>> tableSpanBits());
  }

  /** L1 entries needed for a guest length; unsigned, and wrapping as the reference does. */
  long l1Entries(long length) {
    return (length + (1L << tableSpanBits()) - 1) >>> tableSpanBits();
  }

  /** Where machine states begin, in guest bytes: behind the last L1 entry of the disk. */
  long stateOffset(long length) {
    return l1Entries(length) << tableSpanBits();
  }

  /** Refcounts in a block, as a power of two. */
  int blockBits() {
    return clusterBits + 3 - refcountOrder;
  }

  long maxRefcount() {
    return refcountOrder == 6 ? Long.MAX_VALUE : (1L << (1 << refcountOrder)) - 1;
  }

  long offsetInCluster(long offset) {
    return offset & (clusterSize() - 1);
  }

  long clusterStart(long offset) {
    return offset & -clusterSize();
  }

  long clusterEnd(long offset) {
    return (offset + clusterSize() - 1) & -clusterSize();
  }

  long clusters(long bytes) {
    return (bytes + clusterSize() - 1) >>> clusterBits;
  }

  boolean aligned(long offset) {
    return offsetInCluster(offset) == 0;
  }

  // ---- compressed entries: specification, "Compressed Clusters Descriptor" ---------------------

  private int compressedSizeShift() {
    return 62 - (clusterBits - 8);
  }

  long compressedOffset(long entry) {
    return entry & ((1L << compressedSizeShift()) - 1);
  }

  /** Bytes from the offset to the end of the last sector used. */
  int compressedBytes(long entry) {
    long sectors = ((entry >>> compressedSizeShift()) & ((1L << (clusterBits - 8)) - 1)) + 1;
    return (int) (sectors * 512 - (compressedOffset(entry) & 511));
  }

  /** The descriptor of {@code bytes} compressed bytes at {@code offset}. */
  long compressedEntry(long offset, int bytes) {
    long additional = ((offset + bytes - 1) >>> 9) - (offset >>> 9);
    return Format.COMPRESSED | additional << compressedSizeShift() | offset;
  }

  /** The largest host offset a compressed entry can carry, exclusive. */
  long compressedOffsetLimit() {
    return 1L << Math.min(compressedSizeShift(), 56);
  }
}
