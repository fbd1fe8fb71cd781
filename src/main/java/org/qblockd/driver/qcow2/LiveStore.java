// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.qblockd.base.BlockException;
import org.qblockd.block.LiveBitmaps;

/**
 * The stored bitmaps of an image that is in use, kept true: each has a place for all its bits,
 * which are overwritten there, and a bit of the header that other writers clear says so. Entries
 * are marked as in use, so that a program that does not know of this takes them for inconsistent.
 * Threads as in {@link LiveBitmaps}.
 */
final class LiveStore implements LiveBitmaps {
  private final Qcow2Image image;
  private final StoredBitmaps stored;
  private final Predicate<String> unknown;

  /** The places of each bitmap's bits, a cluster each. */
  private final List<long[]> places = new ArrayList<>();

  /** A store; {@code unknown} tells of which bitmaps nobody knows the bits. */
  LiveStore(Qcow2Image image, Predicate<String> unknown) {
    this.image = image;
    this.unknown = unknown;
    this.stored = image.bitmaps();
  }

  @Override
  public void storeLive(List<Live> bitmaps) throws BlockException {
    image.beginWrite();
    List<BitmapEntry> old = stored.entries();
    List<BitmapEntry> next = new ArrayList<>();
    List<long[]> nextPlaces = new ArrayList<>();
    try {
      for (Live bitmap : bitmaps) {
        int flags = BitmapEntry.IN_USE | (bitmap.recording() ? BitmapEntry.AUTO : 0);
        next.add(stored.writeAll(bitmap.name(), bitmap.granularity(), flags, bitmap.words()));
        nextPlaces.add(stored.places(next.getLast()));
      }
      for (BitmapEntry entry : old) {
        if (unknown.test(entry.name())) {
          next.add(stored.writeUnknown(entry));
        }
      }
      stored.replaceDirectory(next, true);
    } catch (BlockException failed) {
      stored.giveBack(next);
      throw failed;
    }
    places.clear();
    places.addAll(nextPlaces);
    stored.giveBack(old);
  }

  @Override
  public void writeWords(int index, long[] words, int from) throws BlockException {
    int perCluster = image.geometry().clusterSize() / Long.BYTES;
    for (int at = 0; at < words.length; ) {
      int word = from + at;
      int step = Math.min(words.length - at, perCluster - word % perCluster);
      ByteBuffer bytes = ByteBuffer.allocate(step * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().put(words, at, step);
      long place = places.get(index)[word / perCluster];
      image.file().write(place + (long) (word % perCluster) * Long.BYTES, bytes);
      at += step;
    }
  }

  @Override
  public void flushWords() throws BlockException {
    image.file().flush();
  }
}
