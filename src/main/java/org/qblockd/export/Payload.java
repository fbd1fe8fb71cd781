// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BufferPool;
import org.qblockd.base.PooledBuffer;

/** What a write brings with it. One thread at a time. */
final class Payload implements AutoCloseable {
  private final int length;
  private final Memory.@Nullable Share memory;
  private final PooledBuffer loan;

  /**
   * Memory for so many bytes.
   *
   * @param memory what it was taken from before, and goes back to; null for none
   */
  Payload(int length, Memory.@Nullable Share memory) {
    this.length = length;
    this.memory = memory;
    this.loan = BufferPool.get(Math.max(length, 1));
    ByteBuffer unused = loan.buffer().limit(length);
  }

  /** The same buffer on each call. */
  ByteBuffer bytes() {
    return loan.buffer();
  }

  @Override
  public void close() {
    loan.close();
    if (memory != null) {
      memory.giveBack(length);
    }
  }
}
