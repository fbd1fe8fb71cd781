// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/**
 * A filter that stores in the image below it what is read from that image's backing chain. The
 * driver copy-on-read, and what a stream puts over its image. Threads as in {@link FilterOps}.
 */
public final class CopyOnReadOps extends FilterOps {
  /** What users get as they ask for it; the rest is the filter's own business. */
  private static final int PASSED =
      Permission.CONSISTENT_READ | Permission.WRITE | Permission.RESIZE;

  /** The last node whose data is copied, or null for the whole chain. */
  private final @Nullable BlockNode bottom;

  private @Nullable FrozenChain frozen;

  /** A filter that copies what comes from the whole backing chain. */
  public CopyOnReadOps(Child file) {
    super(file);
    this.bottom = null;
  }

  /**
   * A filter that copies only what comes from the chain down to {@code bottom}, and freezes that
   * chain until it is closed or {@linkplain #thaw told}. Control lane.
   */
  public CopyOnReadOps(Child file, BlockNode filter, BlockNode bottom) throws BlockException {
    super(file);
    this.bottom = bottom;
    this.frozen = FrozenChain.freeze(filter, bottom);
  }

  /** Lets the chain be changed: the filter is about to be taken out. Control lane. */
  public void thaw() {
    FrozenChain chain = frozen;
    frozen = null;
    if (chain != null) {
      chain.thaw();
    }
  }

  /** The filtered child, to copy from below without reading. */
  public Child filtered() {
    return file();
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    long length = Math.min(into.remaining(), file().length() - offset);
    if (bottom == null) {
      file().copyUp(offset, length);
    } else {
      copyDownTo(bottom, offset, offset + length);
    }
    if ((flags & RequestFlags.PREFETCH) == 0) {
      file().read(offset, into, flags);
    }
  }

  private void copyDownTo(BlockNode last, long offset, long end) throws BlockException {
    BlockNode image = unfiltered();
    Child below = image == last ? null : image.backing();
    for (long at = offset; at < end; ) {
      Extent own = file().extentAt(at, end - at, false);
      Extent shown = own;
      if (below != null && !own.has(Extent.ALLOCATED)) {
        shown = BlockStatus.allocatedThrough(below.node(), last, at, own.length());
        if (shown.has(Extent.ALLOCATED)) {
          file().copyUp(at, shown.length());
        }
      }
      if (shown.length() == 0) {
        return;
      }
      at += shown.length();
    }
  }

  private BlockNode unfiltered() {
    BlockNode at = file().node();
    for (Child filtered = at.filtered(); filtered != null; filtered = at.filtered()) {
      at = filtered.node();
    }
    return at;
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return new Perms(
        (wanted.used() & PASSED) | Permission.WRITE_UNCHANGED,
        (wanted.shared() & PASSED) | Permission.WRITE_UNCHANGED);
  }

  @Override
  public void close() {
    thaw();
  }
}
