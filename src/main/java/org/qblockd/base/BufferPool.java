// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Direct memory for block I/O: buffers by power of two from 4 KiB to 2 MiB, 4 KiB-aligned (as
 * O_DIRECT needs), out of a bounded number of 2 MiB slabs that are split and joined as buddies.
 *
 * <p>Any thread, platform or virtual; nothing is kept per thread.
 *
 * <p>The bound and deadlock: takers nest (a copy job holds 1 MiB while the qcow2 driver below it
 * takes a copy-on-write buffer), and one request may hold a buffer while it waits for another that
 * still needs one. So a wait here is never more than back-pressure: when all slabs are in use,
 * {@link #take} waits up to {@link #MAX_WAIT_NANOS} for memory to come back (not at all when the
 * last wait was in vain) and then serves the request from the Java heap. It never fails and never
 * waits for long. Heap buffers work wherever direct ones do, only more slowly (files copy them
 * through a direct one); their number is bounded by the in-flight limits of the takers, and {@link
 * #overflowBytes()} shows it. Requests above {@link #MAX_POOLED_BYTES} always come from the heap:
 * split them where speed counts.
 */
public final class BufferPool {
  /** The smallest buffer and the alignment of every pooled one, in bytes. */
  public static final int MIN_POOLED_BYTES = 4 << 10;

  /** The largest pooled buffer, in bytes. */
  public static final int MAX_POOLED_BYTES = 2 << 20;

  /** The limit of {@link #shared()}, in bytes; the JVM's MaxDirectMemorySize must leave room. */
  public static final long SHARED_LIMIT_BYTES = 64L << 20;

  /** How long a taker waits for memory before it is served from the heap. */
  static final long MAX_WAIT_NANOS = 20_000_000;

  /** Idle buffers kept ready per size, so that the usual case takes no lock. */
  private static final int READY_PER_CLASS = 8;

  /** Larger sizes are too precious to be parked. */
  private static final long READY_BYTES_PER_CLASS = 2L << 20;

  private static final int CLASSES =
      Integer.numberOfTrailingZeros(MAX_POOLED_BYTES / MIN_POOLED_BYTES) + 1;

  private static final class Shared {
    static final BufferPool POOL = new BufferPool(SHARED_LIMIT_BYTES);
  }

  /** A piece of a slab, or heap memory when {@code slab} is null. */
  record Block(ByteBuffer memory, @Nullable BuddySlab slab, int offset, int sizeClass) {}

  private final BuddySlab[] slabs;
  private final AtomicReferenceArray<@Nullable Block> ready =
      new AtomicReferenceArray<>(CLASSES * READY_PER_CLASS);

  /** Guards the slabs and the counters below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition returned = lock.newCondition();
  private int slabCount;
  private final AtomicInteger waiting = new AtomicInteger();
  private long overflow;
  private long waits;

  /** A wait was in vain and nothing has come back since: no use to wait again. Written racily. */
  private volatile boolean stuck;

  /** A pool of at most {@code limitBytes} direct memory, rounded down to 2 MiB, at least 2 MiB. */
  public BufferPool(long limitBytes) {
    if (limitBytes < MAX_POOLED_BYTES) {
      throw new IllegalArgumentException("limit below one slab: " + limitBytes);
    }
    slabs = new BuddySlab[Math.toIntExact(limitBytes / MAX_POOLED_BYTES)];
  }

  /** The pool of the process. */
  public static BufferPool shared() {
    return Shared.POOL;
  }

  /** A buffer of {@code bytes} (at least 1) from the process's pool. */
  public static PooledBuffer get(int bytes) {
    return shared().take(bytes);
  }

  /**
   * A buffer with position 0 and limit {@code bytes}, its content undefined. May wait up to {@link
   * #MAX_WAIT_NANOS}.
   *
   * @param bytes at least 1
   */
  public PooledBuffer take(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("buffer of " + bytes + " bytes");
    }
    return new PooledBuffer(this, block(bytes), bytes);
  }

  private Block block(int bytes) {
    if (bytes > MAX_POOLED_BYTES) {
      return onHeap(bytes);
    }
    int sizeClass = sizeClass(bytes);
    for (int i = 0; i < READY_PER_CLASS; i++) {
      int slot = sizeClass * READY_PER_CLASS + i;
      Block block = ready.get(slot);
      if (block != null && ready.compareAndSet(slot, block, null)) {
        return block;
      }
    }
    Block block = fromSlabs(sizeClass);
    return block != null ? block : onHeap(sizeOf(sizeClass));
  }

  private @Nullable Block fromSlabs(int sizeClass) {
    lock.lock();
    try {
      Block block = carve(sizeClass);
      return block != null || stuck ? block : awaitBlock(sizeClass);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for memory, under the lock, which waiting gives up. */
  private @Nullable Block awaitBlock(int sizeClass) {
    long remaining = MAX_WAIT_NANOS;
    Block block = null;
    waits++;
    waiting.incrementAndGet();
    try {
      while (block == null && remaining > 0) {
        remaining = returned.awaitNanos(remaining);
        block = carve(sizeClass);
      }
      stuck = block == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
    return block;
  }

  private @Nullable Block carve(int sizeClass) {
    Block block = carveSlabs(sizeClass);
    if (block == null) {
      drainReady();
      block = carveSlabs(sizeClass);
    }
    return block;
  }

  private @Nullable Block carveSlabs(int sizeClass) {
    for (int i = 0; i < slabCount; i++) {
      Block block = slabs[i].carve(sizeClass);
      if (block != null) {
        return block;
      }
    }
    if (slabCount == slabs.length) {
      return null;
    }
    BuddySlab slab = new BuddySlab(CLASSES);
    slabs[slabCount++] = slab;
    return slab.carve(sizeClass);
  }

  private void drainReady() {
    for (int slot = 0; slot < ready.length(); slot++) {
      Block block = ready.getAndSet(slot, null);
      if (block != null && block.slab() != null) {
        block.slab().join(block.offset(), block.sizeClass());
      }
    }
  }

  private Block onHeap(int bytes) {
    Block block = new Block(ByteBuffer.allocate(bytes), null, 0, 0);
    countOverflow(bytes);
    return block;
  }

  private void countOverflow(int bytes) {
    lock.lock();
    try {
      overflow += bytes;
    } finally {
      lock.unlock();
    }
  }

  void giveBack(Block block) {
    BuddySlab slab = block.slab();
    if (slab == null) {
      countOverflow(-block.memory().capacity());
      return;
    }
    if (stuck) {
      stuck = false;
    }
    if (park(block)) {
      return;
    }
    lock.lock();
    try {
      slab.join(block.offset(), block.sizeClass());
      returned.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the block ready for the next taker of its size, unless someone waits for memory. */
  private boolean park(Block block) {
    // A racy look: a waiter that is missed finds the parked block after MAX_WAIT_NANOS.
    if (waiting.get() != 0) {
      return false;
    }
    int slots = (int) Math.min(READY_PER_CLASS, READY_BYTES_PER_CLASS / sizeOf(block.sizeClass()));
    for (int i = 0; i < slots; i++) {
      int slot = block.sizeClass() * READY_PER_CLASS + i;
      if (ready.get(slot) == null && ready.compareAndSet(slot, null, block)) {
        return true;
      }
    }
    return false;
  }

  /** Bytes of direct memory that the pool holds, in use or idle. */
  public long pooledBytes() {
    lock.lock();
    try {
      return (long) slabCount * MAX_POOLED_BYTES;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes now on loan from the Java heap because the slabs were full or the request too large. */
  public long overflowBytes() {
    lock.lock();
    try {
      return overflow;
    } finally {
      lock.unlock();
    }
  }

  /** How often a taker had to wait. */
  long waits() {
    lock.lock();
    try {
      return waits;
    } finally {
      lock.unlock();
    }
  }

  private static int sizeClass(int bytes) {
    int units = (bytes + MIN_POOLED_BYTES - 1) / MIN_POOLED_BYTES;
    return Integer.SIZE - Integer.numberOfLeadingZeros(units - 1);
  }

  static int sizeOf(int sizeClass) {
    return MIN_POOLED_BYTES << sizeClass;
  }
}
