// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;

/** A step of a job's thread that needs the control lane; the thread waits for it. */
public interface LaneStep<T> {
  /** Does it, on the lane. */
  T run() throws BlockException;

  /** Posts the step and waits for its result. Not from the lane itself. */
  static <T> T run(ControlLane lane, LaneStep<T> step) throws BlockException {
    CompletableFuture<Outcome<T>> answer = new CompletableFuture<>();
    lane.post(() -> answer.complete(Outcome.of(step)));
    return answer.join().get();
  }

  /** The result of a step: a value or what it threw. */
  record Outcome<T>(@Nullable T value, @Nullable Throwable thrown) {
    static <T> Outcome<T> of(LaneStep<T> step) {
      try {
        return new Outcome<>(step.run(), null);
      } catch (BlockException | RuntimeException | Error failed) {
        return new Outcome<>(null, failed);
      }
    }

    T get() throws BlockException {
      if (thrown instanceof BlockException failed) {
        throw failed;
      }
      if (thrown != null || value == null) {
        throw new IllegalStateException("a lane step failed", thrown);
      }
      return value;
    }
  }
}
