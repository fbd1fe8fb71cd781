// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * An image file in memory, sparse by pages. Any thread. It can be told to fail every write after a
 * number of writes, as if the process had been killed there.
 */
final class MemoryImage implements ImageFile {
  private static final int PAGE = 4096;

  private final ConcurrentHashMap<Long, byte[]> pages = new ConcurrentHashMap<>();
  private final AtomicLong length = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private volatile long cutAfter = Long.MAX_VALUE;

  /** From the write number {@code count} (from now) on, nothing reaches the file any more. */
  void cutAfter(long count) {
    cutAfter = writes.get() + count;
  }

  long writes() {
    return writes.get();
  }

  private void countWrite() throws BlockException {
    if (writes.incrementAndGet() > cutAfter) {
      throw BlockException.io(Errno.EIO);
    }
  }

  byte[] toBytes() {
    byte[] all = new byte[(int) length.get()];
    read(0, ByteBuffer.wrap(all));
    return all;
  }

  static MemoryImage of(byte[] content) {
    MemoryImage image = new MemoryImage();
    image.put(0, ByteBuffer.wrap(content));
    image.length.set(content.length);
    return image;
  }

  @Override
  public long length() {
    return length.get();
  }

  @Override
  public long allocatedBytes() {
    return (long) pages.size() * PAGE;
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    long at = offset;
    while (into.hasRemaining()) {
      int in = (int) (at % PAGE);
      int step = Math.min(PAGE - in, into.remaining());
      byte[] page = pages.get(at / PAGE);
      if (page == null) {
        into.put(new byte[step]);
      } else {
        into.put(page, in, step);
      }
      at += step;
    }
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    countWrite();
    put(offset, from);
  }

  private void put(long offset, ByteBuffer from) {
    long at = offset;
    while (from.hasRemaining()) {
      int in = (int) (at % PAGE);
      int step = Math.min(PAGE - in, from.remaining());
      from.get(pages.computeIfAbsent(at / PAGE, p -> new byte[PAGE]), in, step);
      at += step;
    }
    long end = at;
    length.accumulateAndGet(end, Math::max);
  }

  @Override
  public void writeZeroes(long offset, long bytes) throws BlockException {
    countWrite();
    put(offset, ByteBuffer.allocate((int) bytes));
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    countWrite();
    long end = Math.min(offset + bytes, length.get());
    if (end > offset) {
      put(offset, ByteBuffer.allocate((int) (end - offset)));
    }
  }

  @Override
  public void flush() throws BlockException {
    if (writes.get() > cutAfter) {
      throw BlockException.io(Errno.EIO);
    }
  }

  @Override
  public void resize(long newLength, String preallocation) throws BlockException {
    countWrite();
    long old = length.getAndSet(newLength);
    if (newLength < old) {
      long at = newLength;
      while (at < old) {
        int in = (int) (at % PAGE);
        int step = (int) Math.min(PAGE - in, old - at);
        byte[] page = pages.get(at / PAGE);
        if (page != null) {
          Arrays.fill(page, in, in + step, (byte) 0);
        }
        at += step;
      }
    }
  }
}
