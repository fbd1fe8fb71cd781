// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.List;

/**
 * The bitmaps that track the writes of a node. Marks on any thread; changes of the list under the
 * object's lock.
 */
final class BitmapList {
  private static final DirtyBitmap[] NONE = {};

  private volatile DirtyBitmap[] bitmaps = NONE;

  List<DirtyBitmap> all() {
    return List.of(bitmaps);
  }

  synchronized void add(DirtyBitmap bitmap) {
    List<DirtyBitmap> all = new ArrayList<>(List.of(bitmaps));
    all.add(bitmap);
    bitmaps = all.toArray(NONE);
  }

  synchronized void remove(DirtyBitmap bitmap) {
    List<DirtyBitmap> all = new ArrayList<>(List.of(bitmaps));
    all.remove(bitmap);
    bitmaps = all.toArray(NONE);
  }

  /** Also after a failed write, which may have done a part. Successors of bitmaps come first. */
  void mark(long offset, long bytes) {
    DirtyBitmap[] all = bitmaps;
    for (int i = all.length - 1; i >= 0; i--) {
      all[i].mark(offset, bytes);
    }
  }

  void resize(long length) {
    for (DirtyBitmap bitmap : bitmaps) {
      bitmap.resize(length);
    }
  }
}
