// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.RequestFaults;
import org.qblockd.block.RequestKind;

/**
 * Lets some requests of a node fail before they reach the driver: after a number of requests, a
 * number of them, of some kinds. Any thread.
 */
final class StorageFaults implements RequestFaults {
  private final AtomicInteger wait;
  private final AtomicInteger left;
  private final boolean reads;
  private final Errno errno;

  StorageFaults(Random random) {
    wait = new AtomicInteger(random.nextInt(12));
    left = new AtomicInteger(1 + random.nextInt(6));
    reads = random.nextInt(4) == 0;
    errno = random.nextBoolean() ? Errno.EIO : Errno.ENOSPC;
  }

  @Override
  public void meet(RequestKind kind, long offset, long bytes) throws BlockException {
    boolean counts =
        switch (kind) {
          case READ, BLOCK_STATUS -> reads;
          case WRITE, WRITE_ZEROES, DISCARD, FLUSH -> !reads;
          case RESIZE -> false;
        };
    if (counts && wait.getAndDecrement() <= 0 && left.getAndDecrement() > 0) {
      throw BlockException.io(errno);
    }
  }

  @Override
  public String toString() {
    return "%s %s after %s, %s times".formatted(errno, reads ? "reads" : "writes", wait, left);
  }
}
