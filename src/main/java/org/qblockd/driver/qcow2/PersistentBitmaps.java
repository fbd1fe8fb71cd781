// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BitmapJournal;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;

/**
 * Keeps the persistent bitmaps of a node and those in its image in step: loaded and marked as in
 * use when the image is opened for writing, stored when it is closed or becomes read-only. Control
 * lane.
 */
final class PersistentBitmaps {
  private final BlockNode node;
  private final Qcow2Image image;
  private final StoredBitmaps stored;

  private final @Nullable Consumer<String> journaling;

  /**
   * The bitmaps of a node and its image.
   *
   * @param journaling prints what fails while the stored bits are kept true at every moment; null
   *     when they are not
   */
  PersistentBitmaps(BlockNode node, Qcow2Image image, @Nullable Consumer<String> journaling) {
    this.node = node;
    this.image = image;
    this.stored = image.bitmaps();
    this.journaling = journaling;
  }

  List<BitmapEntry> entries() {
    return stored.entries();
  }

  // ---- open, close, reopen --------------------------------------------------------------------

  /** Adds the image's bitmaps to the node. */
  void load() throws BlockException {
    stored.open();
    for (BitmapEntry entry : stored.entries()) {
      if (DirtyBitmaps.find(node, entry.name()) == null) {
        node.addBitmap(loaded(entry));
      }
    }
    if (!node.readOnly()) {
      takeInUse();
    }
  }

  /** Before the first write: what is stored is marked as in use, or kept true from now on. */
  private void takeInUse() throws BlockException {
    if (journaling == null) {
      stored.markInUse();
      return;
    }
    BitmapJournal journal =
        new BitmapJournal(node, new LiveStore(image, this::unknown), journaling);
    journal.settle();
    journal.attach();
  }

  private boolean unknown(String name) {
    DirtyBitmap bitmap = DirtyBitmaps.find(node, name);
    return bitmap != null && bitmap.inconsistent();
  }

  private DirtyBitmap loaded(BitmapEntry entry) throws BlockException {
    DirtyBitmap bitmap =
        new DirtyBitmap(entry.name(), 1L << entry.granularityBits(), image.length());
    bitmap.setPersistent(true);
    bitmap.setReadOnly(node.readOnly());
    if (entry.inUse() && !stored.live(entry)) {
      bitmap.setInconsistent();
    } else {
      stored.load(entry, bitmap);
      bitmap.setEnabled(entry.auto());
    }
    return bitmap;
  }

  /** The image can be written now; what it has stored is out of date with the next write. */
  void becameWritable() throws BlockException {
    if (stored.entries().isEmpty() && journaling == null) {
      return;
    }
    image.beginWrite();
    setReadOnly(false);
    takeInUse();
  }

  /** Stores what has to be kept, while the image can still be written. */
  void store() throws BlockException {
    boolean live = BitmapJournal.of(node) != null;
    BitmapJournal.detach(node);
    List<DirtyBitmap> kept = new ArrayList<>();
    for (DirtyBitmap bitmap : node.bitmaps().reversed()) {
      if (bitmap.persistent() && !bitmap.inconsistent() && !bitmap.readOnly()) {
        kept.add(bitmap);
      }
    }
    if (kept.isEmpty()) {
      if (live) {
        stored.dropLive();
      }
      return;
    }
    for (DirtyBitmap bitmap : kept) {
      checkForm(String.valueOf(bitmap.name()), bitmap.granularity());
    }
    if (node.readOnly()) {
      throw BlockException.invalid("No write access");
    }
    image.beginWrite();
    stored.store(kept);
  }

  /** Until the image can be written again, nobody may change what has just been stored. */
  void setReadOnly(boolean readOnly) {
    for (DirtyBitmap bitmap : node.bitmaps()) {
      if (bitmap.persistent()) {
        bitmap.setReadOnly(readOnly);
      }
    }
  }

  // ---- commands -------------------------------------------------------------------------------

  void checkCanStore(String name, long granularity) throws BlockException {
    if (DirtyBitmaps.find(node, name) != null) {
      throw BlockException.invalid("Bitmap already exists: " + name);
    }
    try {
      if (image.header().version < 3) {
        throw BlockException.invalid("Cannot store dirty bitmaps in qcow2 v2 files");
      }
      checkForm(name, granularity);
      checkRoom(name);
    } catch (BlockException refused) {
      throw refused.prefixed(
          "Can't make bitmap '%s' persistent in '%s': ".formatted(name, node.displayName()));
    }
  }

  private void checkForm(String name, long granularity) throws BlockException {
    int bits = Long.numberOfTrailingZeros(granularity);
    if (bits < BitmapDirectory.MIN_GRANULARITY_BITS) {
      throw BlockException.invalid(
          "Granularity is under minimum (%d bytes)"
              .formatted(1L << BitmapDirectory.MIN_GRANULARITY_BITS));
    }
    if (bits > BitmapDirectory.MAX_GRANULARITY_BITS) {
      throw BlockException.invalid(
          "Granularity exceeds maximum (%d bytes)"
              .formatted(1L << BitmapDirectory.MAX_GRANULARITY_BITS));
    }
    if (BitmapDirectory.bitsBytes(image.length(), granularity) > BitmapDirectory.MAX_BITS_BYTES) {
      throw BlockException.invalid(
          "Too much space will be occupied by the bitmap. Use larger granularity");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > BitmapDirectory.MAX_NAME_BYTES) {
      throw BlockException.invalid(
          "Name length exceeds maximum (%d characters)".formatted(BitmapDirectory.MAX_NAME_BYTES));
    }
  }

  private void checkRoom(String name) throws BlockException {
    int count = 1;
    long bytes = BitmapDirectory.entryBytes(name);
    for (DirtyBitmap bitmap : node.bitmaps()) {
      if (bitmap.persistent()) {
        count++;
        bytes += BitmapDirectory.entryBytes(String.valueOf(bitmap.name()));
      }
    }
    if (count > BitmapDirectory.MAX_BITMAPS) {
      throw BlockException.invalid("Maximum number of persistent bitmaps is already reached");
    }
    if (bytes > BitmapDirectory.MAX_BYTES) {
      throw BlockException.invalid("Not enough space in the bitmap directory");
    }
  }

  void removeStored(String name) throws BlockException {
    BitmapEntry entry = stored.find(name);
    boolean live = BitmapJournal.of(node) != null;
    if (entry == null || (live && !unknown(name))) {
      // The journal drops it when the bitmap has gone.
      return;
    }
    image.beginWrite();
    try {
      stored.remove(entry);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to update bitmap extension");
    }
  }

  /** Before a resize: all stored bitmaps must be able to follow. */
  void checkResize() throws BlockException {
    for (BitmapEntry entry : stored.entries()) {
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
