// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.Errno;

/**
 * Copies before writes that are not waited for longer than a limit; what is under way then goes on
 * in the background. Any thread.
 */
final class TimedCopies {
  private static final class Copy {
    boolean over;
    boolean late;
    @Nullable BlockException failure;
  }

  private final BlockCopy copy;
  private final Clock clock;
  private final long limitNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int running;

  TimedCopies(BlockCopy copy, Clock clock, long limitNanos) {
    this.copy = copy;
    this.clock = clock;
    this.limitNanos = limitNanos;
  }

  /**
   * As {@link BlockCopy#copyBefore}.
   *
   * @throws BlockException ETIMEDOUT when it takes too long
   */
  void copyBefore(long offset, long bytes) throws BlockException {
    Copy state = new Copy();
    lock.lock();
    try {
      running++;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("copy-before-write").start(() -> run(state, offset, bytes));
    Clock.Timer timer = clock.schedule(limitNanos, () -> mark(() -> state.late = true));
    await(state);
    timer.cancel();
    if (!state.over) {
      throw BlockException.io(Errno.ETIMEDOUT);
    }
    if (state.failure != null) {
      throw state.failure;
    }
  }

  private void run(Copy state, long offset, long bytes) {
    BlockException failure = null;
    try {
      copy.copyBefore(offset, bytes);
    } catch (BlockException failed) {
      failure = failed;
    } catch (RuntimeException bug) {
      failure = BlockException.io(Errno.EIO, bug);
    }
    BlockException result = failure;
    mark(() -> {
      running--;
      state.failure = result;
      state.over = true;
    });
  }

  private void mark(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void await(Copy state) {
    lock.lock();
    try {
      while (!state.over && !state.late) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for all, also for those given up. */
  void awaitAll() {
    lock.lock();
    try {
      while (running > 0) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
