// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BufferPool;
import org.qblockd.base.PooledBuffer;

/**
 * Aligned native memory through which bytes pass that the kernel cannot reach where they are: heap
 * buffers, and unaligned ones for O_DIRECT. Used and closed by one thread.
 */
final class BounceBuffer implements AutoCloseable {
  private static final int MAX_BYTES = 1 << 20;

  /** When the pool is exhausted too: little enough to take from malloc at any time. */
  private static final int LAST_RESORT_BYTES = 64 << 10;

  private final @Nullable PooledBuffer pooled;
  private final @Nullable Arena arena;
  private final ByteBuffer memory;

  private BounceBuffer(@Nullable PooledBuffer pooled, @Nullable Arena arena, ByteBuffer memory) {
    this.pooled = pooled;
    this.arena = arena;
    this.memory = memory;
  }

  static BounceBuffer take(int bytes) {
    PooledBuffer pooled = BufferPool.get(Math.clamp(bytes, 1, MAX_BYTES));
    if (pooled.buffer().isDirect()) {
      return new BounceBuffer(pooled, null, pooled.buffer());
    }
    pooled.close();
    Arena arena = Arena.ofShared();
    ByteBuffer memory =
        arena.allocate(LAST_RESORT_BYTES, BufferPool.MIN_POOLED_BYTES).asByteBuffer();
    return new BounceBuffer(null, arena, memory);
  }

  /** The memory with position 0 and as limit {@code bytes}, or less when it is smaller. */
  ByteBuffer piece(int bytes) {
    return memory.clear().limit(Math.min(bytes, memory.capacity()));
  }

  @Override
  public void close() {
    if (pooled != null) {
      pooled.close();
    }
    if (arena != null) {
      arena.close();
    }
  }
}
