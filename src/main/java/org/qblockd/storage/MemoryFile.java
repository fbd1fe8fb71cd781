// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A sparse file in the Java heap, for tests and for data that need not outlive the process. Any
 * thread; a write is atomic towards other requests.
 */
public final class MemoryFile implements HostFile {
  /** The unit of allocation and of {@link #extentAt}, in bytes. */
  public static final int CHUNK_BYTES = 4096;

  /** What one file may store, in bytes; a write beyond fails with ENOSPC. */
  public static final long MAX_STORED_BYTES = 256L << 20;

  private static final byte[] HOLE = new byte[CHUNK_BYTES];

  private final String name;

  /** Guards all below. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private final NavigableMap<Long, byte[]> chunks = new TreeMap<>();
  private final ImageLocks locks = new ImageLocks(ByteLocks.NONE);
  private long length;

  /** A file that reads as {@code length} zeroes. */
  public MemoryFile(String name, long length) {
    this.name = name;
    this.length = length;
  }

  @Override
  public String path() {
    return name;
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
  public void read(long offset, ByteBuffer into) {
    lock.readLock().lock();
    try {
      long at = offset;
      while (into.hasRemaining()) {
        int start = (int) (at % CHUNK_BYTES);
        int bytes = Math.min(into.remaining(), CHUNK_BYTES - start);
        byte @Nullable [] chunk = chunks.get(at / CHUNK_BYTES);
        into.put(chunk == null ? HOLE : chunk, start, bytes);
        at += bytes;
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public boolean tryRead(long offset, ByteBuffer into) {
    read(offset, into);
    return true;
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    long end = end(offset, from.remaining());
    lock.writeLock().lock();
    try {
      long at = offset;
      while (from.hasRemaining()) {
        int start = (int) (at % CHUNK_BYTES);
        int bytes = Math.min(from.remaining(), CHUNK_BYTES - start);
        from.get(chunk(at / CHUNK_BYTES), start, bytes);
        at += bytes;
      }
      length = Math.max(length, end);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private byte[] chunk(long index) throws BlockException {
    byte @Nullable [] chunk = chunks.get(index);
    if (chunk != null) {
      return chunk;
    }
    if ((chunks.size() + 1L) * CHUNK_BYTES > MAX_STORED_BYTES) {
      throw BlockException.io(Errno.ENOSPC);
    }
    byte[] fresh = new byte[CHUNK_BYTES];
    chunks.put(index, fresh);
    return fresh;
  }

  private static long end(long offset, long bytes) throws BlockException {
    if (offset < 0 || bytes < 0) {
      throw BlockException.io(Errno.EINVAL);
    }
    if (offset > Long.MAX_VALUE - bytes) {
      throw BlockException.io(Errno.EFBIG);
    }
    return offset + bytes;
  }

  @Override
  public void flush() {
    // Nothing is more durable than the heap.
  }

  @Override
  public long length() {
    lock.readLock().lock();
    try {
      return length;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void truncate(long newLength) throws BlockException {
    long end = end(newLength, 0);
    lock.writeLock().lock();
    try {
      if (end < length) {
        erase(end, length);
      }
      length = end;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Only grows the file: its memory is taken when bytes are written. */
  @Override
  public void allocate(long offset, long bytes) throws BlockException {
    long end = end(offset, bytes);
    lock.writeLock().lock();
    try {
      length = Math.max(length, end);
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void punchHole(long offset, long bytes) throws BlockException {
    long end = end(offset, bytes);
    lock.writeLock().lock();
    try {
      erase(offset, Math.min(end, length));
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void zeroRange(long offset, long bytes) throws BlockException {
    long end = end(offset, bytes);
    lock.writeLock().lock();
    try {
      erase(offset, Math.min(end, length));
      length = Math.max(length, end);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Drops whole chunks and zeroes parts of the first and the last. Under the write lock. */
  private void erase(long from, long to) {
    if (from >= to) {
      return;
    }
    long first = from / CHUNK_BYTES;
    long last = (to - 1) / CHUNK_BYTES;
    chunks.subMap(first, false, last, false).clear();
    erasePart(first, from, to);
    if (last != first) {
      erasePart(last, from, to);
    }
  }

  private void erasePart(long index, long from, long to) {
    byte @Nullable [] chunk = chunks.get(index);
    if (chunk == null) {
      return;
    }
    long base = index * CHUNK_BYTES;
    int start = (int) Math.max(0, from - base);
    int end = (int) Math.min(CHUNK_BYTES, to - base);
    if (start == 0 && end == CHUNK_BYTES) {
      chunks.remove(index);
    } else {
      Arrays.fill(chunk, start, end, (byte) 0);
    }
  }

  @Override
  public HostExtent extentAt(long offset) {
    lock.readLock().lock();
    try {
      if (offset >= length) {
        return new HostExtent(false, Long.MAX_VALUE);
      }
      long index = offset / CHUNK_BYTES;
      if (chunks.containsKey(index)) {
        while (chunks.containsKey(index)) {
          index++;
        }
        return new HostExtent(true, Math.min(length, index * CHUNK_BYTES));
      }
      Long next = chunks.higherKey(index);
      return new HostExtent(false, next == null ? length : Math.min(length, next * CHUNK_BYTES));
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public long allocatedBytes() {
    lock.readLock().lock();
    try {
      return (long) chunks.size() * CHUNK_BYTES;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void copyRange(long offset, HostFile target, long targetOffset, long bytes)
      throws BlockException {
    throw BlockException.io(Errno.ENOTSUP);
  }

  @Override
  public ImageLocks locks() {
    return locks;
  }

  /** Does nothing: the bytes stay for whoever still holds this object. */
  @Override
  public void close() {}
}
