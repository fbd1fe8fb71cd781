// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.qblockd.base.BlockException;
import org.qblockd.block.BitmapJournal;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;

/**
 * The user's bitmap of a job that copies: frozen while the job runs, with another one that records,
 * and brought up to date at the end as its mode says. Control lane.
 *
 * @param node what the bitmap tracks
 * @param bitmap the bits to copy, or only to bring up to date
 */
public record SyncBitmap(BlockNode node, DirtyBitmap bitmap, BitmapMode mode) {
  /** Freezes the bitmap; no write is under way. */
  public void freeze() throws BlockException {
    if (mode != BitmapMode.NEVER) {
      DirtyBitmaps.checkChangeable(bitmap);
    }
    DirtyBitmaps.createSuccessor(node, bitmap);
  }

  /** The job could not begin. */
  public void thaw() {
    DirtyBitmap unused = DirtyBitmaps.reclaim(node, bitmap);
    BitmapJournal.changed(node);
  }

  /**
   * The job has ended.
   *
   * @param success whether everything was copied
   * @param left what was not
   */
  public void finish(boolean success, DirtyBitmap left) {
    boolean sync = (success || mode == BitmapMode.ALWAYS) && mode != BitmapMode.NEVER;
    DirtyBitmap now =
        sync ? DirtyBitmaps.abdicate(node, bitmap) : DirtyBitmaps.reclaim(node, bitmap);
    if (!success && mode == BitmapMode.ALWAYS) {
      now.merge(left);
    }
    BitmapJournal.changed(node);
  }
}
