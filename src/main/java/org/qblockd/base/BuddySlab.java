// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One slab of a {@link BufferPool}: the largest buffer size, split in halves on demand, halves
 * joined again when both are free. Only under the pool's lock.
 */
final class BuddySlab {
  private final ByteBuffer memory;

  /** Per size class, which blocks (counted in that size) are free. */
  private final BitSet[] free;

  BuddySlab(int classes) {
    int bytes = BufferPool.sizeOf(classes - 1);
    memory =
        ByteBuffer.allocateDirect(bytes + BufferPool.MIN_POOLED_BYTES)
            .alignedSlice(BufferPool.MIN_POOLED_BYTES)
            .slice(0, bytes);
    free = new BitSet[classes];
    for (int i = 0; i < classes; i++) {
      free[i] = new BitSet(1 << (classes - 1 - i));
    }
    free[classes - 1].set(0);
  }

  /** A block of the class, or null when none fits. */
  BufferPool.@Nullable Block carve(int sizeClass) {
    int from = sizeClass;
    while (from < free.length && free[from].isEmpty()) {
      from++;
    }
    if (from == free.length) {
      return null;
    }
    int index = free[from].nextSetBit(0);
    free[from].clear(index);
    while (from > sizeClass) {
      from--;
      index *= 2;
      free[from].set(index + 1);
    }
    int size = BufferPool.sizeOf(sizeClass);
    return new BufferPool.Block(memory.slice(index * size, size), this, index * size, sizeClass);
  }

  /** Takes a block back. */
  void join(int offset, int sizeClass) {
    int index = offset / BufferPool.sizeOf(sizeClass);
    int at = sizeClass;
    if (free[at].get(index)) {
      throw new IllegalStateException("block returned twice at " + offset);
    }
    while (at < free.length - 1 && free[at].get(index ^ 1)) {
      free[at].clear(index ^ 1);
      index /= 2;
      at++;
    }
    free[at].set(index);
  }
}
