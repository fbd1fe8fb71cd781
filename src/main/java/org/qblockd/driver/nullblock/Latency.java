// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nullblock;

import java.util.concurrent.CountDownLatch;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.Errno;

/** Lets each request last some nanoseconds. Any thread. */
record Latency(Clock clock, long nanos) {
  void await() throws BlockException {
    if (nanos == 0) {
      return;
    }
    CountDownLatch over = new CountDownLatch(1);
    Clock.Timer timer = clock.schedule(nanos, over::countDown);
    try {
      over.await();
    } catch (InterruptedException e) {
      timer.cancel();
      Thread.currentThread().interrupt();
      throw BlockException.io(Errno.EINTR, e);
    }
  }
}
