// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BitmapJournal;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.block.LiveBitmaps.Live;

/**
 * Keeps the persistent bitmaps of a raw node and those in its side file in step: loaded and marked
 * as in use when the node is opened for writing, or kept true by a journal; stored when it is
 * closed or becomes read-only. Control lane.
 */
final class RawBitmaps {
  private final BlockNode node;
  private final BitmapFile stored;
  private final boolean journaled;
  private final Consumer<String> report;

  /**
   * The bitmaps of a node and its side file.
   *
   * @param journaled whether what is stored is kept true at every moment
   * @param report prints a line on standard error
   */
  RawBitmaps(BlockNode node, BitmapFile stored, boolean journaled, Consumer<String> report) {
    this.node = node;
    this.stored = stored;
    this.journaled = journaled;
    this.report = report;
  }

  // ---- open, close, reopen --------------------------------------------------------------------

  /** Adds the file's bitmaps to the node, which has this length. */
  void load(long length) throws BlockException {
    stored.open();
    List<String> unknown = new ArrayList<>();
    for (BitmapFile.Entry entry : stored.entries()) {
      DirtyBitmap bitmap = loaded(entry, length);
      if (bitmap.inconsistent()) {
        unknown.add(entry.name());
      }
      node.addBitmap(bitmap);
    }
    stored.setUnknown(unknown);
    if (!node.readOnly()) {
      takeInUse();
    }
  }

  private DirtyBitmap loaded(BitmapFile.Entry entry, long length) throws BlockException {
    DirtyBitmap bitmap = new DirtyBitmap(entry.name(), entry.granularity(), length);
    bitmap.setPersistent(true);
    bitmap.setReadOnly(node.readOnly());
    boolean killed = stored.inUse() && !stored.live();
    long[] bits =
        entry.inconsistent() || killed || !fits(entry, bitmap) ? null : stored.bits(entry);
    if (bits == null) {
      bitmap.setInconsistent();
    } else {
      bitmap.restore(Arrays.copyOf(bits, bitmap.bits().length));
      // Nothing is dirty behind the end.
      bitmap.resize(length);
      bitmap.setEnabled(entry.enabled());
    }
    return bitmap;
  }

  /**
   * Whether the image has the length that it had; after a kill it may have been resized, and the
   * bits follow.
   */
  private boolean fits(BitmapFile.Entry entry, DirtyBitmap bitmap) {
    return entry.length() == bitmap.length() || (stored.inUse() && stored.live());
  }

  private void takeInUse() throws BlockException {
    if (journaled) {
      BitmapJournal journal = new BitmapJournal(node, stored, report);
      journal.settle();
      journal.attach();
    } else {
      stored.markInUse();
    }
  }

  /** The node can be written now. */
  void becameWritable() throws BlockException {
    setReadOnly(false);
    takeInUse();
  }

  /** Stores what has to be kept, while the file can still be written. */
  void store() throws BlockException {
    BitmapJournal.detach(node);
    List<Live> kept = new ArrayList<>();
    List<BitmapFile.Entry> unknown = new ArrayList<>();
    for (DirtyBitmap bitmap : node.bitmaps()) {
      String name = bitmap.name();
      if (name == null || !bitmap.persistent()) {
        continue;
      }
      Live live =
          new Live(name, bitmap.granularity(), bitmap.length(), bitmap.enabled(), bitmap.bits());
      if (bitmap.inconsistent() || bitmap.keptInUse()) {
        unknown.add(BitmapFile.unknown(live));
      } else {
        kept.add(live);
      }
    }
    if (!kept.isEmpty() || !stored.entries().isEmpty()) {
      stored.store(kept, unknown);
    }
  }

  /** Until the file can be written again, nobody may change what has just been stored. */
  void setReadOnly(boolean readOnly) {
    for (DirtyBitmap bitmap : node.bitmaps()) {
      if (bitmap.persistent()) {
        bitmap.setReadOnly(readOnly);
      }
    }
  }

  // ---- commands -------------------------------------------------------------------------------

  void checkCanStore(String name, long granularity, long length) throws BlockException {
    if (DirtyBitmaps.find(node, name) != null) {
      throw BlockException.invalid("Bitmap already exists: " + name);
    }
    String refusal = null;
    if (node.readOnly()) {
      refusal = "No write access";
    } else if (granularity > 1L << 31) {
      refusal = "Granularity exceeds maximum (%d bytes)".formatted(1L << 31);
    } else if (length / granularity / 8 >= BitmapFile.MAX_BITS_BYTES) {
      refusal = "Too much space will be occupied by the bitmap. Use larger granularity";
    } else if (name.getBytes(StandardCharsets.UTF_8).length > BitmapFile.MAX_NAME_BYTES) {
      refusal = "Name length exceeds maximum (%d characters)".formatted(BitmapFile.MAX_NAME_BYTES);
    }
    if (refusal != null) {
      throw BlockException.invalid(
          "Can't make bitmap '%s' persistent in '%s': %s"
              .formatted(name, node.displayName(), refusal));
    }
  }

  /** Drops what is stored of a bitmap. */
  void removeStored(String name) throws BlockException {
    DirtyBitmap bitmap = DirtyBitmaps.find(node, name);
    boolean known = bitmap != null && !bitmap.inconsistent();
    boolean listed = stored.entries().stream().anyMatch(entry -> entry.name().equals(name));
    // The journal drops what it keeps true when the bitmap has gone.
    if (listed && !(known && BitmapJournal.of(node) != null)) {
      stored.remove(name);
    }
  }

  /** Before a resize: all stored bitmaps must be able to follow. */
  void checkResize() throws BlockException {
    for (BitmapFile.Entry entry : stored.entries()) {
      DirtyBitmap bitmap = DirtyBitmaps.find(node, entry.name());
      try {
        if (bitmap != null) {
          DirtyBitmaps.checkReadable(bitmap);
        }
      } catch (BlockException refused) {
        throw BlockException.of(Errno.ENOTSUP, refused.message());
      }
    }
  }
}
