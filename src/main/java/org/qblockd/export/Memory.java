// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.util.concurrent.Semaphore;

/**
 * What all connections together may hold in large buffers, so that clients that do not read or do
 * not go on cannot use up the process's memory. A connection that gets none works in small pieces.
 * Any thread.
 */
final class Memory {
  /** What needs no permission: a buffer of at most so many bytes. */
  static final int SMALL = 32 << 10;

  /** For replies and payloads, in bytes. */
  private static final int TOTAL = 40 << 20;

  /** A connection's part of it. */
  private static final int SHARE = 6 << 20;

  /** For input of connections, idle ones too, in bytes. */
  private static final int INPUT = 8 << 20;

  private final Semaphore left = new Semaphore(TOTAL);
  private final Semaphore leftForInput = new Semaphore(INPUT);

  /** A new connection's part. */
  Share share() {
    return new Share();
  }

  /** What one connection holds. */
  final class Share {
    private final Semaphore own = new Semaphore(SHARE);

    /** Asks for so many bytes, and does not wait. */
    boolean take(int bytes) {
      if (!own.tryAcquire(bytes)) {
        return false;
      }
      if (left.tryAcquire(bytes)) {
        return true;
      }
      own.release(bytes);
      return false;
    }

    /** Gives back what was taken. */
    void giveBack(int bytes) {
      own.release(bytes);
      left.release(bytes);
    }

    boolean takeInput(int bytes) {
      return leftForInput.tryAcquire(bytes);
    }

    void giveInputBack(int bytes) {
      leftForInput.release(bytes);
    }
  }
}
