// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BitmapJournal;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.blockjob.BitmapMode;
import org.qblockd.blockjob.SyncMode;

/**
 * The user's bitmap that says what a mirror copies, in the three forms that were proposed for QEMU
 * or are shipped with it: a private copy of it (2019, sync incremental), the copy with a mode that
 * says what becomes of the bitmap (as Proxmox ships it), and the bitmap itself as the job's working
 * set (2024, sync full). Control lane; the source is drained for {@link #finish}.
 */
final class MirrorBitmap {
  private enum Form {
    COPY,
    SYNCED,
    WORKING
  }

  private final BlockNode node;
  private final DirtyBitmap bitmap;
  private final Form form;
  private final @Nullable BitmapMode mode;
  private boolean held;

  private MirrorBitmap(BlockNode node, DirtyBitmap bitmap, Form form, @Nullable BitmapMode mode) {
    this.node = node;
    this.bitmap = bitmap;
    this.form = form;
    this.mode = mode;
  }

  /** What of a mirror's options is about a bitmap, as the user gave it. */
  record Asked(
      BlockNode node,
      SyncMode sync,
      @Nullable String name,
      @Nullable BitmapMode mode,
      boolean granularity) {}

  /**
   * Checks what was asked for.
   *
   * @param warn prints a warning
   * @return null when the mirror has nothing to do with a bitmap
   */
  static @Nullable MirrorBitmap find(Asked asked, Consumer<String> warn) throws BlockException {
    if (asked.mode != null) {
      return synced(asked, asked.mode);
    }
    if (asked.sync == SyncMode.INCREMENTAL) {
      return copied(asked, warn);
    }
    if (asked.name == null) {
      if (asked.sync == SyncMode.BITMAP) {
        throw BlockException.invalid("Sync mode 'bitmap' not supported");
      }
      return null;
    }
    if (asked.sync == SyncMode.BITMAP) {
      checkNoGranularity(asked);
      throw BlockException.invalid("bitmap-mode must be specified if a bitmap is provided");
    }
    return working(asked, asked.name);
  }

  private static MirrorBitmap copied(Asked asked, Consumer<String> warn) throws BlockException {
    if (asked.name == null) {
      throw BlockException.invalid("incremental mode must specify the bitmap name");
    }
    DirtyBitmap bitmap = DirtyBitmaps.find(asked.node, asked.name);
    if (bitmap == null) {
      throw BlockException.invalid(
          "Error: can't find dirty bitmap before start incremental drive-mirror");
    }
    DirtyBitmaps.checkReadable(bitmap);
    if (asked.granularity) {
      warn.accept(
          "On incremental mode, granularity is unused, the bitmap's granularity is used instead");
    }
    return new MirrorBitmap(asked.node, bitmap, Form.COPY, null);
  }

  private static MirrorBitmap synced(Asked asked, BitmapMode mode) throws BlockException {
    SyncMode sync = asked.sync;
    if (sync.copiesBitmap() && asked.name == null) {
      throw BlockException.invalid(
          "Must provide a valid bitmap name for '%s' sync mode".formatted(sync.wireName()));
    }
    if (sync == SyncMode.INCREMENTAL && mode != BitmapMode.ON_SUCCESS) {
      throw BlockException.invalid(
          "Bitmap sync mode must be 'on-success' when using sync mode 'incremental'");
    }
    if (asked.name == null) {
      throw BlockException.invalid("Cannot specify bitmap sync mode without a bitmap");
    }
    checkSync(asked, sync.copiesBitmap());
    checkNoGranularity(asked);
    DirtyBitmap bitmap = named(asked.node, asked.name);
    if (mode == BitmapMode.NEVER) {
      DirtyBitmaps.checkReadable(bitmap);
    } else {
      DirtyBitmaps.checkChangeable(bitmap);
    }
    return new MirrorBitmap(asked.node, bitmap, Form.SYNCED, mode);
  }

  private static MirrorBitmap working(Asked asked, String name) throws BlockException {
    checkSync(asked, asked.sync == SyncMode.FULL);
    checkNoGranularity(asked);
    DirtyBitmap bitmap = named(asked.node, name);
    DirtyBitmaps.checkChangeable(bitmap);
    if (!bitmap.enabled()) {
      throw BlockException.invalid("Bitmap '" + name + "' is not enabled");
    }
    return new MirrorBitmap(asked.node, bitmap, Form.WORKING, null);
  }

  private static void checkSync(Asked asked, boolean supported) throws BlockException {
    if (!supported) {
      throw BlockException.invalid(
          "Sync mode '%s' not supported with bitmap.".formatted(asked.sync.wireName()));
    }
  }

  private static void checkNoGranularity(Asked asked) throws BlockException {
    if (asked.granularity) {
      throw BlockException.invalid("Granularity and bitmap cannot both be set");
    }
  }

  private static DirtyBitmap named(BlockNode node, String name) throws BlockException {
    DirtyBitmap bitmap = DirtyBitmaps.find(node, name);
    if (bitmap == null) {
      throw BlockException.invalid("Dirty bitmap '" + name + "' not found");
    }
    return bitmap;
  }

  // ---- the job --------------------------------------------------------------------------------

  long granularity() {
    return bitmap.granularity();
  }

  /** Whether the job works on the bitmap itself, so that its filter has none of its own. */
  boolean working() {
    return form == Form.WORKING;
  }

  /** The bits that the job starts with; {@link #begin} fills a new set. */
  DirtyBitmap set(long length) {
    return working() ? bitmap : new DirtyBitmap(null, bitmap.granularity(), length);
  }

  /** The filter sees all writes now. What came before is in the bitmap. */
  void begin(DirtyBitmap dirty) {
    switch (form) {
      case COPY -> dirty.merge(bitmap);
      case SYNCED -> {
        bitmap.setBusy(true);
        held = true;
        dirty.merge(bitmap);
      }
      case WORKING -> {
        bitmap.setBusy(true);
        held = true;
        // The filter marks what a write leaves to be copied; the node would mark what it copied.
        bitmap.setMarkedAbove(true);
        bitmap.setEnabled(false);
      }
    }
  }

  /** The job has ended, or could not begin. */
  void finish(boolean success, DirtyBitmap dirty) {
    if (!held) {
      return;
    }
    held = false;
    if (mode == BitmapMode.ALWAYS || (success && mode == BitmapMode.ON_SUCCESS)) {
      bitmap.clearAll();
      bitmap.merge(dirty);
    }
    if (form == Form.WORKING) {
      bitmap.setEnabled(true);
      bitmap.setMarkedAbove(false);
    }
    bitmap.setBusy(false);
    BitmapJournal.changed(node);
  }
}
