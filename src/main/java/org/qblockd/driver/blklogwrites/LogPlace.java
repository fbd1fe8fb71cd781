// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blklogwrites;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;

/**
 * Where a log goes on. The form is that of Linux' dm-log-writes: a sector with the number of
 * entries, then for each entry a sector and, unless it tells of a discard, its data.
 *
 * @param sector bytes
 * @param next the sector of the next entry
 * @param entries so many are there
 */
record LogPlace(int sector, long next, long entries) {
  static final long MAGIC = 0x6a736677736872L;
  static final long VERSION = 1;
  static final int SUPER_BYTES = 28;
  static final int ENTRY_BYTES = 32;
  static final long FLUSH = 1;
  static final long FUA = 2;
  static final long DISCARD = 4;
  private static final long KNOWN_FLAGS = 15;
  private static final long SECTOR_LIMIT = 1L << 24;

  /** Refuses what cannot be a sector's size. */
  static int checkedSector(long size) throws BlockException {
    if (Long.bitCount(size) != 1 || size < ENTRY_BYTES || size >= SECTOR_LIMIT) {
      throw BlockException.invalid("Invalid log sector size " + Long.toUnsignedString(size));
    }
    return (int) size;
  }

  /** The end of the log that begins with {@code head}. */
  static LogPlace find(Child log, ByteBuffer head) throws BlockException {
    if (head.getLong() != MAGIC) {
      throw BlockException.invalid("Invalid log superblock magic");
    }
    long version = head.getLong();
    if (version != VERSION) {
      throw BlockException.invalid("Unsupported log version " + Long.toUnsignedString(version));
    }
    long entries = head.getLong();
    int sector = checkedSector(Integer.toUnsignedLong(head.getInt()));
    long next = 1;
    for (long entry = 0; entry < entries; entry++) {
      next += 1 + dataSectors(log, next * sector, entry);
    }
    return new LogPlace(sector, next, entries);
  }

  private static long dataSectors(Child log, long offset, long index) throws BlockException {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      log.read(offset, entry, 0);
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Failed to read log entry " + index);
    }
    long sectors = entry.getLong(8);
    long flags = entry.getLong(16);
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw BlockException.invalid(
          "Invalid flags 0x" + Long.toHexString(flags) + " in log entry " + index);
    }
    return (flags & DISCARD) == 0 ? sectors : 0;
  }
}
