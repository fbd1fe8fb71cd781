// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;

/**
 * The bytes of the bitmap directory. Source: qcow2 specification, "Bitmap directory". Pure; any
 * thread.
 */
final class BitmapDirectory {
  static final int MAX_BITMAPS = 65535;
  static final int MAX_BYTES = 65535 * 1024;
  static final int MAX_NAME_BYTES = 1023;
  static final int MIN_GRANULARITY_BITS = 9;
  static final int MAX_GRANULARITY_BITS = 31;

  /** The most bytes that the bits of one bitmap may take. */
  static final long MAX_BITS_BYTES = 0x20000000L;

  private static final int MAX_TABLE_SIZE = 0x8000000;
  private static final int FIXED_BYTES = 24;
  private static final int KNOWN_FLAGS = 3;
  private static final int DIRTY_TRACKING = 1;

  private BitmapDirectory() {}

  /** The bytes that an entry with this name takes. */
  static int entryBytes(String name) {
    return (FIXED_BYTES + name.getBytes(StandardCharsets.UTF_8).length + 7) & -8;
  }

  static int bytes(List<BitmapEntry> entries) {
    int bytes = 0;
    for (BitmapEntry entry : entries) {
      bytes += entryBytes(entry.name());
    }
    return bytes;
  }

  static ByteBuffer encode(List<BitmapEntry> entries) {
    ByteBuffer out = ByteBuffer.allocate(bytes(entries));
    for (BitmapEntry entry : entries) {
      byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
      int end = out.position() + entryBytes(entry.name());
      out.putLong(entry.tableOffset()).putInt(entry.tableSize()).putInt(entry.flags());
      out.put((byte) DIRTY_TRACKING).put((byte) entry.granularityBits());
      out.putShort((short) name.length).putInt(0).put(name);
      out.position(end);
    }
    return out.flip();
  }

  /**
   * Reads the directory.
   *
   * @param length bytes of the disk
   */
  static List<BitmapEntry> decode(ByteBuffer in, int count, Geometry geometry, long length)
      throws BlockException {
    List<BitmapEntry> entries = new ArrayList<>();
    try {
      while (in.hasRemaining()) {
        BitmapEntry entry = next(in);
        check(entry, geometry, length);
        entries.add(entry);
      }
    } catch (BufferUnderflowException | IllegalArgumentException cut) {
      throw BlockException.invalid("Broken bitmap directory");
    }
    if (entries.size() != count) {
      throw BlockException.invalid("More or less bitmaps found than specified in header extension");
    }
    return entries;
  }

  private static BitmapEntry next(ByteBuffer in) throws BlockException {
    int start = in.position();
    long tableOffset = in.getLong();
    int tableSize = in.getInt();
    int flags = in.getInt();
    int type = in.get();
    int granularityBits = in.get();
    int nameBytes = Short.toUnsignedInt(in.getShort());
    long extraBytes = Integer.toUnsignedLong(in.getInt());
    if (extraBytes != 0) {
      throw BlockException.invalid("Bitmap extra data is not supported");
    }
    boolean known = type == DIRTY_TRACKING && (flags & ~KNOWN_FLAGS) == 0;
    if (!known || nameBytes == 0 || nameBytes > MAX_NAME_BYTES) {
      throw BlockException.invalid("Broken bitmap directory");
    }
    byte[] name = new byte[nameBytes];
    in.get(name);
    in.position((in.position() - start + 7 & -8) + start);
    String text = new String(name, StandardCharsets.UTF_8);
    return new BitmapEntry(text, granularityBits, flags, tableOffset, tableSize);
  }

  private static void check(BitmapEntry entry, Geometry geometry, long length)
      throws BlockException {
    boolean table =
        entry.tableSize() > 0
            && entry.tableSize() <= MAX_TABLE_SIZE
            && entry.tableOffset() != 0
            && geometry.aligned(entry.tableOffset());
    boolean granularity =
        entry.granularityBits() >= MIN_GRANULARITY_BITS
            && entry.granularityBits() <= MAX_GRANULARITY_BITS;
    long bytes = (long) entry.tableSize() << geometry.clusterBits();
    boolean fits = bytes <= MAX_BITS_BYTES + geometry.clusterSize();
    boolean covers = entry.inUse() || bitsBytes(length, 1L << entry.granularityBits()) <= bytes;
    if (!table || !granularity || !fits || !covers) {
      throw BlockException.invalid("Bitmap '" + entry.name() + "' doesn't satisfy the constraints");
    }
  }

  /** The bytes that the bits of a bitmap take. */
  static long bitsBytes(long length, long granularity) {
    long granules = (length + granularity - 1) / granularity;
    return (granules + 7) / 8;
  }
}
