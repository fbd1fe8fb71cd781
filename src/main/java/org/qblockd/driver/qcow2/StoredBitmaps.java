// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.DirtyBitmap;

/**
 * The bitmaps inside an image: directory, tables, bits. New ones are written to free clusters and
 * counted there before the header shows them, old ones are given back after it, so that a kill
 * leaks clusters at most. Control lane; requests may be in flight.
 */
final class StoredBitmaps {
  private static final long ALL_ONES = 1;
  private static final int EXTENSION_BYTES = 24;

  private final Qcow2Image owner;
  private final ImageState image;
  private final ClusterAllocator allocator;
  private final WriteBack writeBack;
  private List<BitmapEntry> entries = List.of();

  StoredBitmaps(
      Qcow2Image owner, ImageState image, ClusterAllocator allocator, WriteBack writeBack) {
    this.owner = owner;
    this.image = image;
    this.allocator = allocator;
    this.writeBack = writeBack;
  }

  /** What the directory lists, in its order. */
  List<BitmapEntry> entries() {
    return entries;
  }

  @Nullable BitmapEntry find(String name) {
    for (BitmapEntry entry : entries) {
      if (entry.name().equals(name)) {
        return entry;
      }
    }
    return null;
  }

  // ---- reading --------------------------------------------------------------------------------

  /** Reads the directory. */
  void open() throws BlockException {
    byte[] extension = image.header().bitmapsExtension;
    if (extension == null) {
      return;
    }
    ByteBuffer fields = ByteBuffer.wrap(extension);
    ByteBuffer directory = ByteBuffer.allocate(Math.toIntExact(fields.getLong(8)));
    image.file().read(fields.getLong(16), directory);
    entries =
        BitmapDirectory.decode(
            directory.flip(), fields.getInt(0), image.geometry(), owner.length());
  }

  /** Fills a bitmap of the entry's granularity with the stored bits. */
  void load(BitmapEntry entry, DirtyBitmap into) throws BlockException {
    long[] words = into.bits();
    ByteBuffer table = readTable(entry);
    int perCluster = image.geometry().clusterSize() / Long.BYTES;
    for (int at = 0; at < words.length; at += perCluster) {
      int count = Math.min(perCluster, words.length - at);
      long place = table.getLong();
      if (offset(place) == 0) {
        Arrays.fill(words, at, at + count, (place & ALL_ONES) != 0 ? -1L : 0L);
      } else {
        ByteBuffer bits = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        image.file().read(offset(place), bits);
        bits.flip().asLongBuffer().get(words, at, count);
      }
    }
    dropBeyondEnd(words, (into.length() + into.granularity() - 1) / into.granularity());
    into.restore(words);
  }

  private static void dropBeyondEnd(long[] words, long granules) {
    long kept = granules - ((words.length - 1L) << 6);
    if (kept < 64) {
      words[words.length - 1] &= kept <= 0 ? 0 : -1L >>> (64 - kept);
    }
  }

  private ByteBuffer readTable(BitmapEntry entry) throws BlockException {
    ByteBuffer table = ByteBuffer.allocate(Math.multiplyExact(entry.tableSize(), Long.BYTES));
    image.file().read(entry.tableOffset(), table);
    return table.flip();
  }

  private static long offset(long place) {
    return place & Format.OFFSET_MASK;
  }

  // ---- changing -------------------------------------------------------------------------------

  /**
   * Marks all bitmaps as in use, in their place. While the directory is written, nothing vouches
   * for it.
   */
  void markInUse() throws BlockException {
    byte[] extension = image.header().bitmapsExtension;
    dropLive();
    if (extension == null || entries.stream().allMatch(BitmapEntry::inUse)) {
      return;
    }
    List<BitmapEntry> marked = entries.stream().map(BitmapEntry::markedInUse).toList();
    image.header().autoclear &= ~Format.AUTOCLEAR_BITMAPS;
    image.rewriteHeader();
    image.file().write(ByteBuffer.wrap(extension).getLong(16), BitmapDirectory.encode(marked));
    image.file().flush();
    entries = marked;
    image.header().autoclear |= Format.AUTOCLEAR_BITMAPS;
    image.rewriteHeader();
  }

  private boolean live() {
    return (image.header().autoclear & Format.AUTOCLEAR_LIVE_BITMAPS) != 0;
  }

  /** Nobody keeps the bits true from now on. */
  void dropLive() throws BlockException {
    if (live()) {
      image.header().autoclear &= ~Format.AUTOCLEAR_LIVE_BITMAPS;
      image.rewriteHeader();
    }
  }

  /**
   * Whether the bits of a bitmap in use are true all the same: see {@link LiveStore}. Those that
   * are not known have no places.
   */
  boolean live(BitmapEntry entry) throws BlockException {
    if (!live()) {
      return false;
    }
    ByteBuffer table = readTable(entry);
    while (table.hasRemaining()) {
      if (offset(table.getLong()) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Stores these bitmaps, each in place of the one of its name; others stay as they are. */
  void store(List<DirtyBitmap> bitmaps) throws BlockException {
    List<BitmapEntry> next = new ArrayList<>(entries);
    List<BitmapEntry> written = new ArrayList<>();
    List<BitmapEntry> old = new ArrayList<>();
    try {
      for (DirtyBitmap bitmap : bitmaps) {
        BitmapEntry entry = write(bitmap);
        written.add(entry);
        BitmapEntry before = find(entry.name());
        if (before == null) {
          next.add(entry);
        } else {
          next.set(next.indexOf(before), entry);
          old.add(before);
        }
      }
      replaceDirectory(next, false);
    } catch (BlockException failed) {
      giveBack(written);
      throw failed;
    }
    giveBack(old);
  }

  /** Forgets a bitmap. */
  void remove(BitmapEntry entry) throws BlockException {
    replaceDirectory(
        entries.stream().filter(kept -> !kept.name().equals(entry.name())).toList(), live());
    giveBack(List.of(entry));
  }

  private BitmapEntry write(DirtyBitmap bitmap) throws BlockException {
    long[] words = bitmap.bits();
    int clusterSize = image.geometry().clusterSize();
    int perCluster = clusterSize / Long.BYTES;
    int size = (words.length + perCluster - 1) / perCluster;
    ByteBuffer table = ByteBuffer.allocate(size * Long.BYTES);
    for (int at = 0; at < words.length; at += perCluster) {
      int count = Math.min(perCluster, words.length - at);
      long place = 0;
      if (anySet(words, at, count)) {
        ByteBuffer bits = ByteBuffer.allocate(clusterSize).order(ByteOrder.LITTLE_ENDIAN);
        bits.asLongBuffer().put(words, at, count);
        place = writeClusters(bits);
      }
      table.putLong(place);
    }
    long tableOffset = writeClusters(table.flip());
    String name = Objects.requireNonNull(bitmap.name(), "only named bitmaps are stored");
    int flags = bitmap.enabled() ? BitmapEntry.AUTO : 0;
    flags |= bitmap.keptInUse() ? BitmapEntry.IN_USE : 0;
    int bits = Long.numberOfTrailingZeros(bitmap.granularity());
    return new BitmapEntry(name, bits, flags, tableOffset, size);
  }

  /** Writes words to new clusters, with a place for each, and a table of them. */
  BitmapEntry writeAll(String name, long granularity, int flags, long[] words)
      throws BlockException {
    int perCluster = image.geometry().clusterSize() / Long.BYTES;
    int size = (words.length + perCluster - 1) / perCluster;
    ByteBuffer table = ByteBuffer.allocate(size * Long.BYTES);
    for (int at = 0; at < words.length; at += perCluster) {
      ByteBuffer bits =
          ByteBuffer.allocate(image.geometry().clusterSize()).order(ByteOrder.LITTLE_ENDIAN);
      bits.asLongBuffer().put(words, at, Math.min(perCluster, words.length - at));
      table.putLong(writeClusters(bits));
    }
    long tableOffset = writeClusters(table.flip());
    int bits = Long.numberOfTrailingZeros(granularity);
    return new BitmapEntry(name, bits, flags, tableOffset, size);
  }

  /** A bitmap whose bits are not known: a table without places. */
  BitmapEntry writeUnknown(BitmapEntry of) throws BlockException {
    ByteBuffer table = ByteBuffer.allocate(of.tableSize() * Long.BYTES);
    return new BitmapEntry(
        of.name(), of.granularityBits(), of.flags(), writeClusters(table), of.tableSize());
  }

  /** The places of the bits of a bitmap. */
  long[] places(BitmapEntry entry) throws BlockException {
    ByteBuffer table = readTable(entry);
    long[] places = new long[entry.tableSize()];
    for (int i = 0; i < places.length; i++) {
      places[i] = offset(table.getLong());
    }
    return places;
  }

  private static boolean anySet(long[] words, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if (words[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /** Writes bytes to new clusters. */
  private long writeClusters(ByteBuffer bytes) throws BlockException {
    int clusters = Math.toIntExact(image.geometry().clusters(bytes.remaining()));
    long offset;
    image.lock().lock();
    try {
      offset = allocator.allocateExactly(clusters, "bitmap cluster");
    } finally {
      image.lock().unlock();
    }
    image.file().write(offset, bytes);
    return offset;
  }

  /** Writes another directory; {@code live} when its bits are kept true from now on. */
  void replaceDirectory(List<BitmapEntry> next, boolean live) throws BlockException {
    Header header = image.header();
    byte[] before = header.bitmapsExtension;
    long autoclear = header.autoclear;
    byte[] extension = null;
    if (!next.isEmpty()) {
      ByteBuffer directory = BitmapDirectory.encode(next);
      int bytes = directory.remaining();
      long offset = writeClusters(directory);
      extension = new byte[EXTENSION_BYTES];
      ByteBuffer.wrap(extension).putInt(next.size()).putInt(0).putLong(bytes).putLong(offset);
    }
    writeBack.flush();
    header.bitmapsExtension = extension;
    long others = autoclear & ~(Format.AUTOCLEAR_BITMAPS | Format.AUTOCLEAR_LIVE_BITMAPS);
    header.autoclear =
        others
            | (extension == null ? 0 : Format.AUTOCLEAR_BITMAPS)
            | (live && extension != null ? Format.AUTOCLEAR_LIVE_BITMAPS : 0);
    try {
      image.rewriteHeader();
    } catch (BlockException failed) {
      header.bitmapsExtension = before;
      header.autoclear = autoclear;
      throw failed;
    }
    entries = List.copyOf(next);
    if (before != null) {
      ByteBuffer fields = ByteBuffer.wrap(before);
      free(fields.getLong(16), fields.getLong(8));
    }
  }

  /** Frees the clusters of bitmaps that the directory no longer lists. */
  void giveBack(List<BitmapEntry> unused) throws BlockException {
    for (BitmapEntry entry : unused) {
      ByteBuffer table = readTable(entry);
      while (table.hasRemaining()) {
        long place = offset(table.getLong());
        if (place != 0) {
          free(place, image.geometry().clusterSize());
        }
      }
      free(entry.tableOffset(), (long) entry.tableSize() * Long.BYTES);
    }
    writeBack.flush();
  }

  private void free(long offset, long bytes) {
    image.lock().lock();
    try {
      allocator.free(offset, bytes, true);
    } finally {
      image.lock().unlock();
    }
  }

  /** Visits the clusters of all bitmaps; for counting references. */
  static void visit(ImageFile file, Header header, ReferenceWalk.Visitor visitor)
      throws BlockException {
    byte[] extension = header.bitmapsExtension;
    if (extension == null) {
      return;
    }
    ByteBuffer fields = ByteBuffer.wrap(extension);
    ByteBuffer directory = ByteBuffer.allocate(Math.toIntExact(fields.getLong(8)));
    file.read(fields.getLong(16), directory);
    visitor.reference(fields.getLong(16), fields.getLong(8));
    List<BitmapEntry> listed =
        BitmapDirectory.decode(
            directory.flip(), fields.getInt(0), header.geometry(), header.size & -512L);
    for (BitmapEntry entry : listed) {
      ByteBuffer table = ByteBuffer.allocate(entry.tableSize() * Long.BYTES);
      file.read(entry.tableOffset(), table);
      visitor.reference(entry.tableOffset(), table.flip().remaining());
      while (table.hasRemaining()) {
        long place = offset(table.getLong());
        if (place != 0) {
          visitor.reference(place, 1L << header.clusterBits);
        }
      }
    }
  }
}
