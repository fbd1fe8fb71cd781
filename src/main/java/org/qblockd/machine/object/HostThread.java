// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A thread of the host that sleeps until it is told to end. Control lane. */
final class HostThread {
  private final CompletableFuture<Long> id = new CompletableFuture<>();
  private final CountDownLatch end = new CountDownLatch(1);

  private HostThread() {}

  /** A thread of this name that runs. */
  static HostThread start(String name) {
    HostThread thread = new HostThread();
    Thread.ofPlatform().daemon(true).name(name).start(thread::run);
    return thread;
  }

  /** The kernel's number of the thread. */
  long id() {
    return id.join();
  }

  /** Lets the thread end. */
  void end() {
    end.countDown();
  }

  private void run() {
    try {
      // Java has no name for it; the link's target is PROCESS/task/THREAD.
      Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
      id.complete(Long.parseLong(self.getFileName().toString()));
      end.await();
    } catch (IOException unexpected) {
      id.completeExceptionally(new UncheckedIOException(unexpected));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
