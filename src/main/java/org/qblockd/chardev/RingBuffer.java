// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.qblockd.base.BlockException;

/** A device that keeps the last bytes that it was told. Any thread. */
public final class RingBuffer extends QuietDevice {
  private static final int DEFAULT_BYTES = 64 * 1024;

  /** A client must not be able to take all memory. */
  private static final long MAX_BYTES = 64 << 20;

  private final long size;
  private final ReentrantLock lock = new ReentrantLock();
  private byte[] ring = new byte[0];
  private long written;
  private long read;

  RingBuffer(String id, String kind, long size) {
    super(id, kind);
    this.size = size == 0 ? DEFAULT_BYTES : size;
  }

  static RingBuffer of(String id, String kind, Optional<Long> size) {
    return new RingBuffer(id, kind, size.orElse((long) DEFAULT_BYTES));
  }

  @Override
  void open() throws BlockException {
    if (Long.bitCount(size) != 1 || size < 0) {
      throw BlockException.invalid("size of ringbuf chardev must be power of two");
    }
    if (size > MAX_BYTES) {
      throw BlockException.invalid("ringbuf chardevs of more than 64 MiB are not served");
    }
    ring = new byte[(int) size];
  }

  @Override
  boolean opens() {
    return true;
  }

  @Override
  void say(byte[] bytes, int from, int to) {
    write(bytes, from, to);
  }

  /** Adds bytes, over the oldest where there is no room. */
  public void write(byte[] bytes, int from, int to) {
    lock.lock();
    try {
      for (int i = from; i < to; i++) {
        ring[(int) (written++ & (ring.length - 1))] = bytes[i];
      }
      read = Math.max(read, written - ring.length);
    } finally {
      lock.unlock();
    }
  }

  /** Takes out up to {@code limit} of the oldest bytes. */
  public byte[] read(long limit) {
    lock.lock();
    try {
      byte[] taken = new byte[(int) Math.min(limit, written - read)];
      for (int i = 0; i < taken.length; i++) {
        taken[i] = ring[(int) (read++ & (ring.length - 1))];
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
