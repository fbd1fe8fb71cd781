// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.concurrent.CompletableFuture;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;

/** Runs steps of a test as commands on a lane. */
public final class Commands {
  private Commands() {}

  /** Runs the step after the commands before it; throws what it throws. */
  public static <T> T run(ControlLane lane, LaneStep<T> step) throws BlockException {
    CompletableFuture<LaneStep.Outcome<T>> answer = new CompletableFuture<>();
    lane.execute(() -> answer.complete(LaneStep.Outcome.of(step)));
    return answer.join().get();
  }
}
