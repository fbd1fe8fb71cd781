// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.bitmap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockDirtyBitmapContent;
import org.qblockd.qapi.types.BlockDirtyBitmapExtent;
import org.qblockd.qapi.types.BlockDirtyBitmapOrStr;
import org.qblockd.qapi.types.XBlockDirtyBitmapReadArguments;

/** {@code x-block-dirty-bitmap-read}: the bits as extents. Control lane. */
public final class BitmapReader {
  /** Extents in one reply, when the client does not say. */
  private static final long USUAL_EXTENTS = 1024;

  /** Extents in one reply at most. */
  private static final long MAX_EXTENTS = 65536;

  private final BitmapCommands bitmaps;

  /** A reader of the bitmaps that these commands find. */
  public BitmapReader(BitmapCommands bitmaps) {
    this.bitmaps = bitmaps;
  }

  /** The command; {@code without} names the bitmap whose dirty parts are left out. */
  public BlockDirtyBitmapContent read(XBlockDirtyBitmapReadArguments asked)
      throws QmpException, BlockException {
    DirtyBitmap bits = snapshot(bitmaps.find(asked.node(), asked.name()), asked.without());
    long start = asked.offset().orElse(0L);
    long end = asked.length().isEmpty() ? bits.length() : start + asked.length().get();
    long most = asked.limit().orElse(USUAL_EXTENTS);
    if (start < 0 || end < start) {
      throw QmpException.generic("'offset' and 'length' must not be negative");
    }
    if (most < 1 || most > MAX_EXTENTS) {
      throw QmpException.generic("'limit' must be between 1 and " + MAX_EXTENTS);
    }
    end = Math.min(end, bits.length());
    List<BlockDirtyBitmapExtent> extents = new ArrayList<>();
    Optional<Long> next = Optional.empty();
    long count = 0;
    long at = start < end ? bits.nextDirty(start) : -1;
    while (at >= 0 && at < end) {
      long run = bits.dirtyRun(at, end - at);
      count += run;
      if (extents.size() < most) {
        extents.add(new BlockDirtyBitmapExtent(at, run));
      } else if (next.isEmpty()) {
        next = Optional.of(at);
      }
      at = at + run < end ? bits.nextDirty(at + run) : -1;
    }
    return new BlockDirtyBitmapContent(bits.granularity(), count, extents, next);
  }

  private DirtyBitmap snapshot(BitmapCommands.Found found, Optional<BlockDirtyBitmapOrStr> without)
      throws QmpException, BlockException {
    DirtyBitmap first = found.bitmap();
    DirtyBitmaps.checkConsistent(first);
    if (without.isEmpty()) {
      return copy(first, first.granularity());
    }
    DirtyBitmap second = bitmaps.find(found.node(), without.get());
    DirtyBitmaps.checkConsistent(second);
    DirtyBitmap bits = copy(first, Math.min(first.granularity(), second.granularity()));
    for (long at = second.nextDirty(0); at >= 0; ) {
      long run = second.dirtyRun(at, Long.MAX_VALUE - at);
      bits.clear(at, run);
      at = second.nextDirty(at + run);
    }
    return bits;
  }

  private static DirtyBitmap copy(DirtyBitmap of, long granularity) {
    DirtyBitmap bits = new DirtyBitmap(null, granularity, of.length());
    bits.merge(of);
    return bits;
  }
}
