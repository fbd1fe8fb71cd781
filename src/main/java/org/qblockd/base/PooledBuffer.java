// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A buffer on loan from a {@link BufferPool}; close it once nobody reads or writes it any more.
 *
 * <p>One owner at a time, on any thread; {@link #close()} may be called from another thread than
 * the taker's, and a second call does nothing.
 */
public final class PooledBuffer implements AutoCloseable {
  private final BufferPool pool;
  private final BufferPool.Block block;
  private final ByteBuffer buffer;
  private final AtomicBoolean closed = new AtomicBoolean();

  PooledBuffer(BufferPool pool, BufferPool.Block block, int bytes) {
    this.pool = pool;
    this.block = block;
    this.buffer = block.memory().duplicate().clear().limit(bytes);
  }

  /**
   * The memory: position 0, limit the number of bytes asked for, big-endian, its content undefined.
   * The same object on each call; not to be kept beyond {@link #close()}.
   */
  public ByteBuffer buffer() {
    return buffer;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      pool.giveBack(block);
    }
  }
}
