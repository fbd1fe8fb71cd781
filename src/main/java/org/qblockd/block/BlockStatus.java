// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * The status of ranges: what one layer says, completed by what the layers below know, and what a
 * whole backing chain says. Any thread. Rules: QEMU's block status as {@code qemu-img map} shows
 * it.
 */
public final class BlockStatus {
  private BlockStatus() {}

  /** The status of the first bytes of the range in the layer {@code node}. */
  static Extent ofLayer(BlockNode node, NodeOps ops, long offset, long bytes, boolean wantZero)
      throws BlockException {
    Extent own = ownStatus(node, ops, offset, bytes, wantZero);
    BlockNode host = own.host();
    if (own.has(Extent.RAW) && host != null) {
      Extent below = host.extentAt(own.hostOffset(), own.length(), wantZero);
      return atEnd(below, offset, ops.length());
    }
    int flags = own.flags();
    if ((flags & (Extent.DATA | Extent.ZERO)) != 0) {
      flags |= Extent.ALLOCATED;
    } else if (ops instanceof HasBackingFile) {
      flags |= zeroWithoutBacking(node, offset, wantZero);
    }
    Extent extent = new Extent(own.length(), flags, own.hostOffset(), host);
    if (wantZero && extent.has(Extent.RECURSE | Extent.DATA | Extent.OFFSET_VALID)) {
      extent = zeroesBelow(node, extent);
    }
    return atEnd(extent, offset, ops.length());
  }

  private static Extent ownStatus(
      BlockNode node, NodeOps ops, long offset, long bytes, boolean wantZero)
      throws BlockException {
    if (ops instanceof ReportsExtents reports) {
      return reports.extentAt(offset, bytes, wantZero);
    }
    Child filtered = node.filtered();
    if (filtered != null) {
      return new Extent(bytes, Extent.RAW | Extent.OFFSET_VALID, offset, filtered.node());
    }
    return new Extent(bytes, Extent.DATA | Extent.ALLOCATED | Extent.OFFSET_VALID, offset, node);
  }

  /** Unallocated reads as zero when there is nothing below, or only something shorter. */
  private static int zeroWithoutBacking(BlockNode node, long offset, boolean wantZero)
      throws BlockException {
    Child backing = node.backing();
    if (backing == null) {
      return Extent.ZERO;
    }
    return wantZero && offset >= backing.length() ? Extent.ZERO : 0;
  }

  /** Data of a preallocated image may be a hole in the file below. */
  private static Extent zeroesBelow(BlockNode node, Extent extent) throws BlockException {
    BlockNode host = extent.host();
    if (host == null || host == node) {
      return extent;
    }
    Extent below = host.extentAt(extent.hostOffset(), extent.length(), true);
    if (below.has(Extent.EOF) && (below.length() == 0 || below.has(Extent.ZERO))) {
      return new Extent(extent.length(), extent.flags() | Extent.ZERO, extent.hostOffset(), host);
    }
    int zero = below.flags() & Extent.ZERO;
    return new Extent(below.length(), extent.flags() | zero, extent.hostOffset(), host);
  }

  private static Extent atEnd(Extent extent, long offset, long length) {
    boolean end = offset + extent.length() >= length;
    int flags = end ? extent.flags() | Extent.EOF : extent.flags() & ~Extent.EOF;
    return new Extent(extent.length(), flags, extent.hostOffset(), extent.host());
  }

  /**
   * The status as seen through the chain from {@code top} down to, not including, {@code base}; the
   * first layer that has the range allocated decides.
   */
  public static Extent above(
      BlockNode top, @Nullable BlockNode base, long offset, long bytes, boolean wantZero)
      throws BlockException {
    Extent seen = look(top, base, offset, bytes, wantZero);
    if (!wantZero || !seen.has(Extent.ZERO) || top.filteredOrBacking() == null) {
      return seen;
    }
    // An upper layer may have saved what a lower one is then made to forget, just while we looked
    // from one to the other: who finds the same zeroes again was not deceived the first time.
    return look(top, base, offset, seen.length(), true);
  }

  private static Extent look(
      BlockNode top, @Nullable BlockNode base, long offset, long bytes, boolean wantZero)
      throws BlockException {
    Extent first = top.extentAt(offset, bytes, wantZero);
    if (first.length() == 0 || first.has(Extent.ALLOCATED) || top == base) {
      return first;
    }
    long length = first.length();
    Extent last = first;
    Child below = top.filteredOrBacking();
    while (below != null && below.node() != base) {
      BlockNode layer = below.node();
      Extent extent = layer.extentAt(offset, length, wantZero);
      if (extent.length() == 0) {
        // The layer is shorter: what lies beyond its end reads as zero.
        return Extent.of(length, Extent.ZERO | Extent.ALLOCATED);
      }
      length = Math.min(length, extent.length());
      if (extent.has(Extent.ALLOCATED)) {
        return new Extent(length, extent.flags(), extent.hostOffset(), extent.host());
      }
      last = extent;
      below = layer.filteredOrBacking();
    }
    int zero = (base == null ? last : first).flags() & Extent.ZERO;
    return Extent.of(length, zero);
  }

  /**
   * Whether the first bytes of the range are allocated in one of the layers from {@code top} down
   * to {@code bottom}, both included. Beyond the end of {@code top} the length is 0.
   */
  public static Extent allocatedThrough(BlockNode top, BlockNode bottom, long offset, long bytes)
      throws BlockException {
    return through(top, bottom, offset, bytes, false);
  }

  /** The status of the range in the layers from {@code top} down to {@code bottom}, included. */
  public static Extent through(BlockNode top, BlockNode bottom, long offset, long bytes)
      throws BlockException {
    return through(top, bottom, offset, bytes, true);
  }

  private static Extent through(
      BlockNode top, BlockNode bottom, long offset, long bytes, boolean wantZero)
      throws BlockException {
    Child below = bottom.filteredOrBacking();
    if (top == bottom || below == null) {
      return above(top, top == bottom ? bottom : null, offset, bytes, wantZero);
    }
    return above(top, below.node(), offset, bytes, wantZero);
  }

  /** Whether the first bytes of the range are allocated between {@code top} and {@code base}. */
  public static Extent allocatedAbove(
      BlockNode top, @Nullable BlockNode base, long offset, long bytes) throws BlockException {
    return above(top, base, offset, bytes, false);
  }
}
