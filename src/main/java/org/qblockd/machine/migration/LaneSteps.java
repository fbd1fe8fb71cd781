// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;

/** How the threads of a migration do things on the control lane. Any thread but the lane's. */
record LaneSteps(ControlLane lane) {
  /** Something to do on the lane. */
  interface Step<T> {
    /** Does it. */
    T run() throws BlockException, StreamException;
  }

  /** Something to do on the lane without a result. */
  interface Action {
    /** Does it. */
    void run() throws BlockException, StreamException;
  }

  /** Runs the step among the commands, and waits for it; throws what it throws. */
  <T> T call(Step<T> step) throws BlockException, StreamException {
    CompletableFuture<T> result = new CompletableFuture<>();
    lane.execute(() -> {
      try {
        result.complete(step.run());
      } catch (BlockException | StreamException | RuntimeException failed) {
        result.completeExceptionally(failed);
      }
    });
    return await(result);
  }

  /** Runs the action among the commands, and waits for it; throws what it throws. */
  void run(Action action) throws BlockException, StreamException {
    Boolean unused =
        call(() -> {
          action.run();
          return true;
        });
  }

  private static <T> T await(CompletableFuture<T> result) throws BlockException, StreamException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("nobody interrupts a migration", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case BlockException failed -> throw failed;
        case StreamException failed -> throw failed;
        case null, default -> throw new IllegalStateException("a step of a migration failed", e);
      }
    }
  }
}
