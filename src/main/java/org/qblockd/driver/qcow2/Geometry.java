// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/**
 * The arithmetic that follows from version, cluster size and refcount width. Immutable; any thread.
 *
 * @param version 2 or 3
 * @param clusterBits 9 to 21
 * @param refcountOrder 0 to 6: refcounts are 2^order bits wide
 */
record Geometry(int version, int clusterBits, int refcountOrder) {
  /** L2 tables are cached and written in slices of at most 2^9 entries, 4 KiB. */
  private static final int MAX_SLICE_BITS = 9;

  int clusterSize() {
    return 1 << clusterBits;
  }

  /** Entries of an L2 table, as a power of two. */
  int l2Bits() {
    return clusterBits - 3;
  }

  /** Entries of an L2 slice, as a power of two. */
  int sliceBits() {
    return Math.min(l2Bits(), MAX_SLICE_BITS);
  }

  int sliceEntries() {
    return 1 << sliceBits();
  }

  int sliceBytes() {
    return 8 << sliceBits();
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
