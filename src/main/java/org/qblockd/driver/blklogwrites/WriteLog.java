// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blklogwrites;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Align;
import org.qblockd.block.Child;

/** The log, one entry after the other. Any thread; entries are written under one lock. */
final class WriteLog {
  private final Child log;
  private final int sector;
  private final long interval;
  private final ReentrantLock lock = new ReentrantLock();
  private long next;
  private long entries;

  /**
   * A log that goes on.
   *
   * @param interval after so many entries their number is written
   */
  WriteLog(Child log, LogPlace place, long interval) {
    this.log = log;
    this.sector = place.sector();
    this.next = place.next();
    this.entries = place.entries();
    this.interval = interval;
  }

  int sector() {
    return sector;
  }

  /**
   * Adds an entry.
   *
   * @param data what was written, or null
   * @param zeroes how many bytes of zeroes were written
   */
  void add(long offset, long bytes, long flags, @Nullable ByteBuffer data, long zeroes)
      throws BlockException {
    int dataBytes = data == null ? 0 : data.remaining();
    ByteBuffer entry = ByteBuffer.allocate(sector + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    entry.putLong(offset / sector).putLong(bytes / sector).putLong(flags);
    if (data != null) {
      entry.position(sector).put(data.duplicate());
    }
    lock.lock();
    try {
      append(entry.clear(), zeroes);
      if ((flags & LogPlace.FLUSH) != 0 || Long.remainderUnsigned(entries, interval) == 0) {
        writeCount();
      }
    } finally {
      lock.unlock();
    }
  }

  private void append(ByteBuffer entry, long zeroes) throws BlockException {
    long at = next * sector;
    int bytes = entry.remaining();
    entries++;
    next += Align.up(bytes, sector) / sector;
    log.write(at, entry, 0);
    if (zeroes > 0) {
      at = next * sector;
      next += Align.up(zeroes, sector) / sector;
      log.writeZeroes(at, zeroes, 0);
    }
  }

  private void writeCount() throws BlockException {
    ByteBuffer head = ByteBuffer.allocate(sector).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(LogPlace.MAGIC).putLong(LogPlace.VERSION).putLong(entries).putInt(sector);
    log.write(0, head.clear(), 0);
    log.flush();
  }
}
