// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Align;
import org.qblockd.block.Child;
import org.qblockd.block.LiveBitmaps;

/**
 * The side file that keeps the bitmaps of a raw image; {@code docs/bitmap-file.md} describes its
 * bytes. A generation of bitmaps is written beside the one before it, made stable, and then named
 * by one of two headers, in turn; so a kill at any moment leaves one or the other. Threads as in
 * {@link LiveBitmaps}; the rest on the control lane.
 */
final class BitmapFile implements LiveBitmaps {
  static final long MAGIC = 0x51424c4b424d4150L;
  static final int VERSION = 1;

  /** The image was not closed since. */
  static final int IN_USE = 1;

  /** The bits are kept true while the image is in use. */
  static final int LIVE = 2;

  /** The bitmap records. */
  static final int ENABLED = 1;

  /** Nobody knows the bits. */
  static final int INCONSISTENT = 2;

  private static final int SECTOR = 512;
  private static final int HEADER_BYTES = 64;
  private static final int FIRST_PLACE = 4096;
  private static final int MAX_DIRECTORY = 1 << 20;
  private static final int MAX_BITMAPS = 1024;
  static final int MAX_NAME_BYTES = 1023;

  /** The most bytes that the bits of one bitmap may take. */
  static final long MAX_BITS_BYTES = 0x20000000L;

  /** A bitmap that the file lists. */
  record Entry(
      String name, long granularity, long length, int flags, long place, int words, int checksum) {
    boolean enabled() {
      return (flags & ENABLED) != 0;
    }

    boolean inconsistent() {
      return (flags & INCONSISTENT) != 0;
    }
  }

  /** What a header says: which generation, in what state, and where all of it and its list lie. */
  private record Head(
      long generation, int flags, long start, long end, long directory, int bytes, int checksum) {
    Head next(int newFlags) {
      return new Head(generation + 1, newFlags, start, end, directory, bytes, checksum);
    }
  }

  private final Child file;
  private Head head = new Head(0, 0, FIRST_PLACE, FIRST_PLACE, FIRST_PLACE, 0, 0);
  private List<Entry> entries = List.of();

  BitmapFile(Child file) {
    this.file = file;
  }

  List<Entry> entries() {
    return entries;
  }

  boolean inUse() {
    return (head.flags & IN_USE) != 0;
  }

  boolean live() {
    return (head.flags & LIVE) != 0;
  }

  // ---- reading --------------------------------------------------------------------------------

  /** Reads the directory; a file without content has no bitmaps. */
  void open() throws BlockException {
    if (file.length() == 0) {
      return;
    }
    Head first = header(0);
    Head second = header(SECTOR);
    Head newest = first == null ? second : first;
    if (first != null && second != null && second.generation > first.generation) {
      newest = second;
    }
    if (newest == null) {
      throw damaged("no header is right");
    }
    head = newest;
    entries = directory(newest);
  }

  private @Nullable Head header(long place) throws BlockException {
    ByteBuffer bytes = buffer(HEADER_BYTES);
    file.read(place, bytes, 0);
    bytes.flip();
    if (bytes.getLong(0) != MAGIC || bytes.getInt(60) != checksum(bytes.duplicate().limit(60))) {
      return null;
    }
    if (bytes.getInt(8) != VERSION) {
      throw damaged("version " + bytes.getInt(8) + " is not known");
    }
    return new Head(
        bytes.getLong(16),
        bytes.getInt(12),
        bytes.getLong(24),
        bytes.getLong(32),
        bytes.getLong(40),
        bytes.getInt(48),
        bytes.getInt(52));
  }

  private List<Entry> directory(Head of) throws BlockException {
    if (of.bytes < 0 || of.bytes > MAX_DIRECTORY) {
      throw damaged("a directory of " + of.bytes + " bytes");
    }
    ByteBuffer bytes = buffer(of.bytes);
    file.read(of.directory, bytes, 0);
    bytes.flip();
    if (checksum(bytes.duplicate()) != of.checksum) {
      throw damaged("the directory's checksum is wrong");
    }
    List<Entry> found = new ArrayList<>();
    try {
      while (bytes.hasRemaining()) {
        found.add(entry(bytes));
      }
    } catch (BufferUnderflowException cut) {
      throw damaged("the directory is cut off");
    }
    return List.copyOf(found);
  }

  private Entry entry(ByteBuffer in) throws BlockException {
    int shift = in.getInt();
    int flags = in.getInt();
    long length = in.getLong();
    long place = in.getLong();
    int words = in.getInt();
    int checksum = in.getInt();
    byte[] name = new byte[Math.clamp(in.getInt(), 0, MAX_NAME_BYTES)];
    in.get(name);
    if (shift < 9 || shift > 31 || length < 0 || words < 1 || words > MAX_BITS_BYTES / 8) {
      throw damaged("a bitmap's form is wrong");
    }
    String text = new String(name, StandardCharsets.UTF_8);
    return new Entry(text, 1L << shift, length, flags, place, words, checksum);
  }

  private BlockException damaged(String how) {
    return BlockException.invalid(
        "Bitmap file '%s' is damaged: %s".formatted(file.node().filename(), how));
  }

  /** The bits of an entry, or null when they are not what was written. */
  long @Nullable [] bits(Entry entry) throws BlockException {
    if (entry.place < FIRST_PLACE || entry.place > file.length() - entry.words * 8L) {
      return null;
    }
    ByteBuffer bytes = buffer(Math.multiplyExact(entry.words, Long.BYTES));
    file.read(entry.place, bytes, 0);
    bytes.flip();
    boolean vouched = inUse() && live();
    if (!vouched && checksum(bytes.duplicate()) != entry.checksum) {
      return null;
    }
    long[] words = new long[entry.words];
    bytes.asLongBuffer().get(words);
    return words;
  }

  // ---- writing --------------------------------------------------------------------------------

  /** The image is in use: what the file says is out of date with the next write. */
  void markInUse() throws BlockException {
    if (entries.isEmpty() || (inUse() && !live())) {
      return;
    }
    name(head.next(IN_USE));
  }

  /** Stores these bitmaps and no others; the image is closed now. */
  void store(List<Live> bitmaps, List<Entry> unknown) throws BlockException {
    replace(bitmaps, unknown, 0);
  }

  @Override
  public void storeLive(List<Live> bitmaps) throws BlockException {
    List<Entry> unknown = entries.stream().filter(Entry::inconsistent).toList();
    replace(bitmaps, unknown, IN_USE | LIVE);
  }

  /** Which of the entries nobody knows the bits of; they stay so. */
  void setUnknown(List<String> names) {
    List<Entry> next = new ArrayList<>();
    for (Entry entry : entries) {
      next.add(names.contains(entry.name) ? unknown(entry) : entry);
    }
    entries = List.copyOf(next);
  }

  /** An entry for a bitmap whose bits are not to be known. */
  static Entry unknown(Live of) {
    return new Entry(
        of.name(), of.granularity(), of.length(), INCONSISTENT, 0, of.words().length, 0);
  }

  private static Entry unknown(Entry of) {
    return new Entry(
        of.name, of.granularity, of.length, of.flags | INCONSISTENT, of.place, of.words, 0);
  }

  /** Forgets an entry; others keep their places. */
  void remove(String name) throws BlockException {
    List<Entry> left = entries.stream().filter(entry -> !entry.name.equals(name)).toList();
    int bytes = left.stream().mapToInt(entry -> entryBytes(entry.name)).sum();
    long place = freePlace(Align.up(bytes, SECTOR));
    writeDirectory(left, place, bytes);
    name(
        new Head(
            head.generation + 1,
            head.flags,
            Math.min(head.start, place),
            Math.max(head.end, place + bytes),
            place,
            bytes,
            checksum(encode(left, bytes))));
    entries = left;
  }

  private void replace(List<Live> bitmaps, List<Entry> unknown, int flags) throws BlockException {
    int directoryBytes = 0;
    long bitsBytes = 0;
    for (Live bitmap : bitmaps) {
      directoryBytes += entryBytes(bitmap.name());
      bitsBytes += (long) bitmap.words().length * Long.BYTES;
    }
    for (Entry entry : unknown) {
      directoryBytes += entryBytes(entry.name);
    }
    if (directoryBytes > MAX_DIRECTORY || bitmaps.size() + unknown.size() > MAX_BITMAPS) {
      throw BlockException.invalid("Maximum number of persistent bitmaps is already reached");
    }
    long start = freePlace(Align.up(directoryBytes + bitsBytes, SECTOR));
    long place = start + Align.up(directoryBytes, Long.BYTES);
    List<Entry> next = new ArrayList<>();
    for (Live bitmap : bitmaps) {
      next.add(write(bitmap, place));
      place += (long) bitmap.words().length * Long.BYTES;
    }
    unknown.forEach(entry -> next.add(unknown(entry)));
    writeDirectory(next, start, directoryBytes);
    int checksum = checksum(encode(next, directoryBytes));
    name(new Head(head.generation + 1, flags, start, place, start, directoryBytes, checksum));
    entries = List.copyOf(next);
  }

  private void writeDirectory(List<Entry> listed, long place, int bytes) throws BlockException {
    file.write(place, encode(listed, bytes), 0);
    file.flush();
  }

  /** Before the generation that is named now, if there is room, or behind it. */
  private long freePlace(long bytes) {
    boolean before = entries.isEmpty() || FIRST_PLACE + bytes <= head.start;
    return before ? FIRST_PLACE : Align.up(head.end, SECTOR);
  }

  private static int entryBytes(String name) {
    return 36 + name.getBytes(StandardCharsets.UTF_8).length;
  }

  private Entry write(Live bitmap, long place) throws BlockException {
    ByteBuffer bytes = buffer(bitmap.words().length * Long.BYTES);
    bytes.asLongBuffer().put(bitmap.words());
    int checksum = checksum(bytes.duplicate());
    file.write(place, bytes, 0);
    return new Entry(
        bitmap.name(),
        bitmap.granularity(),
        bitmap.length(),
        bitmap.recording() ? ENABLED : 0,
        place,
        bitmap.words().length,
        checksum);
  }

  private static ByteBuffer encode(List<Entry> entries, int bytes) {
    ByteBuffer out = buffer(bytes);
    for (Entry entry : entries) {
      byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
      out.putInt(Long.numberOfTrailingZeros(entry.granularity)).putInt(entry.flags);
      out.putLong(entry.length).putLong(entry.place).putInt(entry.words).putInt(entry.checksum);
      out.putInt(name.length).put(name);
    }
    return out.flip();
  }

  /** Writes the header that has its turn, and makes it stable. */
  private void name(Head next) throws BlockException {
    ByteBuffer bytes = buffer(SECTOR);
    bytes.putLong(MAGIC).putInt(VERSION).putInt(next.flags).putLong(next.generation);
    bytes.putLong(next.start).putLong(next.end).putLong(next.directory);
    bytes.putInt(next.bytes).putInt(next.checksum);
    bytes.putInt(60, checksum(bytes.duplicate().position(0).limit(60)));
    file.write(next.generation % 2 * SECTOR, bytes.clear(), 0);
    file.flush();
    head = next;
  }

  @Override
  public void writeWords(int index, long[] words, int from) throws BlockException {
    ByteBuffer bytes = buffer(words.length * Long.BYTES);
    bytes.asLongBuffer().put(words);
    file.write(entries.get(index).place + (long) from * Long.BYTES, bytes, 0);
  }

  @Override
  public void flushWords() throws BlockException {
    file.flush();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return (int) sum.getValue();
  }
}
