// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded set of virtual threads that copy for one job. Long-lived workers: a thread per request
 * costs much of the throughput (docs/architecture.md). A task handles its own errors.
 *
 * <p>{@link #submit} and the waits are for the job's thread; {@link #inFlight} for any.
 */
public final class CopyWorkers implements AutoCloseable {
  private final String name;
  private final int limit;

  /** Guards everything below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition submitted = lock.newCondition();
  private final Condition finished = lock.newCondition();
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private int threads;
  private int idle;
  private int inFlight;
  private boolean closed;

  /** At most {@code limit} tasks at once, at least 1. */
  public CopyWorkers(String name, int limit) {
    this.name = name;
    this.limit = Math.max(1, limit);
  }

  /** Starts a task; waits while the limit is reached. */
  public void submit(Runnable task) {
    lock.lock();
    try {
      while (inFlight >= limit) {
        finished.awaitUninterruptibly();
      }
      inFlight++;
      queue.add(task);
      // An idle thread that was signalled counts as idle until it runs: so compare with the queue.
      if (idle >= queue.size() || threads == limit) {
        submitted.signal();
      } else {
        Thread.ofVirtual().name(name + "-" + threads++).start(this::work);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tasks that have not ended. */
  public int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a task ends; returns at once when there is none. */
  public void awaitOne() {
    lock.lock();
    try {
      int before = inFlight;
      while (inFlight > 0 && inFlight >= before) {
        finished.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all tasks have ended. */
  public void awaitAll() {
    lock.lock();
    try {
      while (inFlight > 0) {
        finished.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the threads go; tasks under way end first. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      submitted.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (Runnable task = take(); task != null; task = take()) {
      try {
        task.run();
      } finally {
        ended();
      }
    }
  }

  private @Nullable Runnable take() {
    lock.lock();
    try {
      idle++;
      while (queue.isEmpty() && !closed) {
        submitted.awaitUninterruptibly();
      }
      idle--;
      return queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private void ended() {
    lock.lock();
    try {
      inFlight--;
      finished.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
