// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.List;
import org.qblockd.base.BlockException;

/**
 * Storage whose bitmaps are true at any moment: what a process that is killed leaves there can be
 * used. Called by {@link BitmapJournal}, which lets one thread in at a time.
 */
public interface LiveBitmaps {
  /**
   * A bitmap as it is to be stored.
   *
   * @param granularity bytes per bit
   * @param length bytes of the disk
   * @param recording whether it records from the moment when it is loaded
   * @param words the bits, see {@link DirtyBitmap#bits}; not to be changed, valid during the call
   */
  record Live(String name, long granularity, long length, boolean recording, long[] words) {
    /** Whether only bits differ. */
    boolean sameForm(Live other) {
      return name.equals(other.name)
          && granularity == other.granularity
          && length == other.length
          && recording == other.recording;
    }
  }

  /**
   * Stores these bitmaps and no others, all or nothing; those whose bits are not known keep their
   * place.
   */
  void storeLive(List<Live> bitmaps) throws BlockException;

  /**
   * Overwrites words of a bitmap of the last {@link #storeLive}.
   *
   * @param index of the bitmap in that list
   * @param from the place of the first of {@code words}
   */
  void writeWords(int index, long[] words, int from) throws BlockException;

  /** Brings the words to stable storage. */
  void flushWords() throws BlockException;
}
