// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A file in memory that can lose power. What was flushed stays; of what came after the last flush,
 * each 512-byte sector may have any of the contents that it had since then, independently of the
 * others, and the length any that it had: writes are lost, reordered and torn. A sector is never
 * torn itself. Any thread, one operation at a time.
 */
public final class CrashFile implements HostFile {
  /** What a disk writes at once, in bytes. */
  public static final int SECTOR_BYTES = 512;

  private final MemoryFile now;

  /** For each sector changed since the last flush: its content then, and after each change. */
  private final TreeMap<Long, List<byte[]>> versions = new TreeMap<>();

  private final List<Long> lengths = new ArrayList<>();

  /** A file of {@code length} zeroes, all on stable storage. */
  public CrashFile(long length) {
    now = new MemoryFile("crash", length);
    lengths.add(length);
  }

  /** What could be found after a power failure at this moment, by {@code random}'s choice. */
  public synchronized MemoryFile crash(RandomGenerator random) throws BlockException {
    MemoryFile after = copy();
    for (var entry : versions.entrySet()) {
      List<byte[]> choices = entry.getValue();
      byte[] content = choices.get(random.nextInt(choices.size()));
      after.write(entry.getKey() * SECTOR_BYTES, ByteBuffer.wrap(content));
    }
    after.truncate(lengths.get(random.nextInt(lengths.size())));
    return after;
  }

  private MemoryFile copy() throws BlockException {
    MemoryFile copy = new MemoryFile("crashed", now.length());
    ByteBuffer piece = ByteBuffer.allocate(MemoryFile.CHUNK_BYTES);
    for (long at = 0; at < now.length(); ) {
      HostExtent extent = now.extentAt(at);
      for (; extent.data() && at < extent.end(); at += piece.limit()) {
        now.read(at, piece.clear().limit((int) Math.min(piece.capacity(), extent.end() - at)));
        copy.write(at, piece.flip());
      }
      at = extent.end();
    }
    return copy;
  }

  private interface Change {
    void apply() throws BlockException;
  }

  private synchronized void change(long offset, long end, Change change) throws BlockException {
    long first = offset / SECTOR_BYTES;
    long behind = (end + SECTOR_BYTES - 1) / SECTOR_BYTES;
    for (long sector = first; sector < behind; sector++) {
      versions.computeIfAbsent(sector, s -> new ArrayList<>(List.of(content(s))));
    }
    change.apply();
    for (long sector = first; sector < behind; sector++) {
      Objects.requireNonNull(versions.get(sector)).add(content(sector));
    }
    if (now.length() != lengths.getLast()) {
      lengths.add(now.length());
    }
  }

  private byte[] content(long sector) {
    byte[] content = new byte[SECTOR_BYTES];
    now.read(sector * SECTOR_BYTES, ByteBuffer.wrap(content));
    return content;
  }

  @Override
  public synchronized void flush() {
    versions.clear();
    lengths.clear();
    lengths.add(now.length());
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    change(offset, offset + from.remaining(), () -> now.write(offset, from));
  }

  @Override
  public void truncate(long length) throws BlockException {
    change(Math.min(length, now.length()), now.length(), () -> now.truncate(length));
  }

  @Override
  public void allocate(long offset, long length) throws BlockException {
    change(offset, offset, () -> now.allocate(offset, length));
  }

  @Override
  public void punchHole(long offset, long length) throws BlockException {
    long end = Math.min(offset + length, now.length());
    change(offset, end, () -> now.punchHole(offset, length));
  }

  @Override
  public void zeroRange(long offset, long length) throws BlockException {
    change(offset, offset + length, () -> now.zeroRange(offset, length));
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    now.read(offset, into);
  }

  @Override
  public boolean tryRead(long offset, ByteBuffer into) {
    return now.tryRead(offset, into);
  }

  @Override
  public String path() {
    return now.path();
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public int alignment() {
    return 1;
  }

  @Override
  public long length() {
    return now.length();
  }

  @Override
  public HostExtent extentAt(long offset) {
    return now.extentAt(offset);
  }

  @Override
  public long allocatedBytes() {
    return now.allocatedBytes();
  }

  @Override
  public void copyRange(long offset, HostFile target, long targetOffset, long length)
      throws BlockException {
    throw BlockException.io(Errno.ENOTSUP);
  }

  @Override
  public ImageLocks locks() {
    return now.locks();
  }

  @Override
  public void close() {}
}
