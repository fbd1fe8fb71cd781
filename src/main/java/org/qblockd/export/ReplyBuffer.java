// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Pages;
import org.qblockd.base.PooledBuffer;
import org.qblockd.export.transport.ClientWire;

/**
 * Gathers replies, data directly behind their headers, and sends them at once. One thread; several
 * buffers of a connection share its lock, so that what one of them sends is not mixed with others'.
 */
final class ReplyBuffer implements AutoCloseable {
  private static final int USUAL_BYTES = 256 << 10;

  /** What there is always room for: a small piece with its header. */
  private static final int LEAST_BYTES = 2 * Memory.SMALL;

  private final ClientWire wire;
  private final ReentrantLock sending;
  private final Memory.Share memory;
  private @Nullable PooledBuffer loan;
  private int taken;

  ReplyBuffer(ClientWire wire, ReentrantLock sending, Memory.Share memory) {
    this.wire = wire;
    this.sending = sending;
    this.memory = memory;
  }

  /**
   * Whether there is room for {@code bytes}, at most {@link BufferPool#MAX_POOLED_BYTES}; always
   * for {@link Memory#SMALL} and a header. Otherwise work in pieces.
   */
  boolean affords(int bytes) throws IOException {
    PooledBuffer current = loan;
    if (current != null && current.buffer().remaining() >= bytes) {
      return true;
    }
    flush();
    if (current != null && current.buffer().remaining() >= bytes) {
      return true;
    }
    close();
    if (bytes <= USUAL_BYTES && take(USUAL_BYTES) || take(bytes)) {
      return true;
    }
    if (bytes <= LEAST_BYTES) {
      loan = BufferPool.get(LEAST_BYTES);
      return true;
    }
    return false;
  }

  private boolean take(int bytes) {
    if (!memory.take(bytes)) {
      return false;
    }
    taken = bytes;
    loan = BufferPool.get(bytes);
    return true;
  }

  /** A buffer with room for {@code bytes} more, which must be affordable. */
  ByteBuffer room(int bytes) throws IOException {
    boolean enough = affords(bytes);
    PooledBuffer current = loan;
    if (!enough || current == null) {
      throw new IOException("no room for " + bytes + " bytes");
    }
    return current.buffer();
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
      ByteBuffer unused = gathered.clear().limit(gathered.capacity());
    }
  }

  /** Whether the connection can {@link #send} pages. */
  boolean takesPages() {
    return wire.takesPages();
  }

  /** Sends what was gathered and pages directly behind it. */
  void send(Pages pages) throws IOException {
    sending.lock();
    try {
      flush();
      wire.send(pages);
    } finally {
      sending.unlock();
    }
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
    if (taken > 0) {
      memory.giveBack(taken);
      taken = 0;
    }
  }
}
