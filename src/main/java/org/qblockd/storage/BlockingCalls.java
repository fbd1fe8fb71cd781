// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
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
    private static final int IDLE_SECONDS = 10;
    static final AtomicInteger COUNT = new AtomicInteger();
    static final ThreadPoolExecutor THREADS =
        new ThreadPoolExecutor(
            1,
            MAX_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new Waiting(),
            Pool::thread,
            Pool::queue);

    /** All threads are busy: the call waits for one. The first thread never ends, so one comes. */
    private static void queue(Runnable call, ThreadPoolExecutor threads) {
      ((Waiting) threads.getQueue()).put(call);
    }

    private static Thread thread(Runnable work) {
      Thread thread = new Thread(work, "file-io-" + COUNT.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    }
  }

  /**
   * Takes a call from the pool only when a thread waits for one. So a few calls run on a few
   * threads: a pool with a plain queue would start its sixteen for the first sixteen calls.
   */
  private static final class Waiting extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable call) {
      return tryTransfer(call);
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
