// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads for plays, with stacks deep enough for the deepest JSON that QMP takes. */
final class PlayThreads {
  private static final long STACK_BYTES = 64L << 20;

  private PlayThreads() {}

  static ExecutorService pool(int size) {
    return Executors.newFixedThreadPool(size, PlayThreads::thread);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(null, task, "play", STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }
}
