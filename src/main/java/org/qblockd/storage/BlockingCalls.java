// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Runs system calls that may block for long. A native frame pins a virtual thread to its carrier,
 * so a virtual thread hands such a call to one of a few platform threads and waits unpinned; a
 * platform thread simply makes it. Any thread.
 */
final class BlockingCalls {
  /**
   * Calls at once, enough for the copies a job keeps in flight. More wait in the queue, which holds
   * at most one call per waiting virtual thread.
   */
  static final int MAX_THREADS = 16;

  private static final class Pool {
    static final AtomicInteger COUNT = new AtomicInteger();
    static final ThreadPoolExecutor THREADS = create();

    private static ThreadPoolExecutor create() {
      ThreadPoolExecutor threads =
          new ThreadPoolExecutor(
              MAX_THREADS,
              MAX_THREADS,
              10,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              Pool::thread);
      threads.allowCoreThreadTimeOut(true);
      return threads;
    }

    private static Thread thread(Runnable work) {
      Thread thread = new Thread(work, "file-io-" + COUNT.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    }
  }

  private BlockingCalls() {}

  /** The result of {@code call}, which must not throw. Waits through interrupts. */
  static long run(LongSupplier call) {
    if (!Thread.currentThread().isVirtual()) {
      return call.getAsLong();
    }
    return CompletableFuture.supplyAsync(call::getAsLong, Pool.THREADS).join();
  }
}
