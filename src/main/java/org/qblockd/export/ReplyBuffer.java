// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BufferPool;
import org.qblockd.base.PooledBuffer;
import org.qblockd.nbd.Wire;

/**
 * Gathers replies, data directly behind their headers, and sends them at once. One thread; several
 * buffers of a connection share its lock, so that what one of them sends is not mixed with others'.
 */
final class ReplyBuffer implements AutoCloseable {
  private static final int USUAL_BYTES = 256 << 10;

  private final Wire wire;
  private final ReentrantLock sending;
  private @Nullable PooledBuffer loan;
  private boolean sent;

  ReplyBuffer(Wire wire, ReentrantLock sending) {
    this.wire = wire;
    this.sending = sending;
  }

  /** A buffer with room for {@code bytes} more, at most {@link BufferPool#MAX_POOLED_BYTES}. */
  ByteBuffer room(int bytes) throws IOException {
    PooledBuffer current = loan;
    if (current != null && current.buffer().remaining() < bytes) {
      flush();
      current = loan;
      if (current != null && current.buffer().remaining() < bytes) {
        close();
        current = null;
      }
    }
    if (current == null) {
      current = BufferPool.get(Math.max(bytes, USUAL_BYTES));
      loan = current;
    }
    return current.buffer();
  }

  /** Whether something was sent since this was last asked. */
  boolean takeSent() {
    boolean was = sent;
    sent = false;
    return was;
  }

  /** Sends what was gathered. */
  void flush() throws IOException {
    PooledBuffer current = loan;
    if (current == null || current.buffer().position() == 0) {
      return;
    }
    ByteBuffer gathered = current.buffer().flip();
    sending.lock();
    try {
      wire.write(gathered);
    } finally {
      sending.unlock();
      ByteBuffer unused = gathered.clear();
    }
    sent = true;
  }

  /** Sends what was gathered and gives the memory back. */
  void rest() throws IOException {
    flush();
    close();
  }

  /** Keeps others from sending until {@link #unlock}. */
  void lock() {
    sending.lock();
  }

  void unlock() {
    sending.unlock();
  }

  /** Gives the memory back; what was gathered is lost. */
  @Override
  public void close() {
    if (loan != null) {
      loan.close();
      loan = null;
    }
  }
}
