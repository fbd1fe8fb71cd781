// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.quorum;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** Requests to several children at once. Any thread. */
final class Everyone {
  /** What one of them is asked. */
  interface Request {
    /** Asks the child with this index. */
    void to(int index) throws BlockException;
  }

  private Everyone() {}

  /** Asks {@code count} children and waits for all; the failures by index, null for none. */
  static @Nullable BlockException[] ask(int count, Request request) {
    @Nullable BlockException[] failures = new @Nullable BlockException[count];
    Thread[] others = new Thread[count];
    for (int i = 1; i < count; i++) {
      int index = i;
      others[i] = Thread.ofVirtual().start(() -> failures[index] = attempt(index, request));
    }
    failures[0] = attempt(0, request);
    for (int i = 1; i < count; i++) {
      await(others[i]);
    }
    return failures;
  }

  private static @Nullable BlockException attempt(int index, Request request) {
    try {
      request.to(index);
      return null;
    } catch (BlockException failed) {
      return failed;
    } catch (RuntimeException bug) {
      return BlockException.io(Errno.EIO, bug);
    }
  }

  /** The requests run on whatever happens to this thread, with its buffers: they are awaited. */
  private static void await(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
