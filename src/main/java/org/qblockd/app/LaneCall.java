// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** An action on the control lane that another thread waits for. Once. */
final class LaneCall implements Runnable {
  private final Core.LaneAction action;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable BlockException failure;
  private volatile @Nullable RuntimeException bug;

  LaneCall(Core.LaneAction action) {
    this.action = action;
  }

  @Override
  public void run() {
    try {
      action.run();
    } catch (BlockException e) {
      failure = e;
    } catch (RuntimeException e) {
      bug = e;
    } finally {
      done.countDown();
    }
  }

  /** Waits for the end; throws what the action threw. */
  void await() throws BlockException {
    try {
      done.await();
    } catch (InterruptedException e) {
      throw BlockException.io(Errno.EINTR, e);
    }
    if (bug != null) {
      throw bug;
    }
    if (failure != null) {
      throw failure;
    }
  }
}
