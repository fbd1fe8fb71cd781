// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;

/**
 * Long computations for those who hold the control lane: they run on a thread of their own, while
 * completion steps of jobs go on.
 */
final class Aside {
  private Aside() {}

  /** The result of {@code work}; runs it here when the caller does not hold the lane. */
  static <T> T run(ControlLane lane, Computation<T> work) throws BlockException {
    if (!lane.isHeld()) {
      return work.run();
    }
    FutureTask<T> task = new FutureTask<>(work::run);
    Thread.ofPlatform()
        .name("computation")
        .daemon()
        .start(() -> {
          task.run();
          lane.kick();
        });
    lane.pollWhile(() -> !task.isDone());
    return result(task);
  }

  private static <T> T result(FutureTask<T> task) throws BlockException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BlockException failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("the task is done", e);
    }
  }
}
