// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import org.qblockd.base.BlockException;

/**
 * What a job does, beside its life cycle. {@link #run} is straight-line code on the job's own
 * virtual thread; everything else is called on the control lane unless said otherwise.
 */
public interface JobBody {
  /**
   * Does the work, with {@link Job#pausePoint}, {@link Job#sleep} or {@link Job#yield} often
   * enough. Returns normally when the job is cancelled.
   *
   * @throws BlockException the reason why the job fails
   */
  void run() throws BlockException;

  /**
   * Last step that may fail, after all jobs of the transaction have done their work.
   *
   * @throws BlockException the reason why all of them fail
   */
  default void prepare() throws BlockException {}

  /** Makes the result final; only after success of all. */
  default void commit() {}

  /** Undoes; after failure or cancellation of any. */
  default void abort() {}

  /** Releases everything; last step in every case. */
  default void clean() {}

  /**
   * The job is asked to end.
   *
   * @param force whether the result does not matter
   * @return whether the job ends as cancelled; false lets it end its own way
   */
  default boolean cancel(boolean force) {
    return true;
  }

  /**
   * Whether a body that sleeps ends by itself as soon as it is cancelled, without the lane, if no
   * copy is under way.
   */
  default boolean endsInCancel() {
    return false;
  }

  /** Whether {@link #complete} exists for this job. */
  default boolean completable() {
    return false;
  }

  /** The job is asked to complete; it goes on by itself afterwards. */
  default void complete() throws BlockException {}

  /** The user resumed or cancelled the paused job. */
  default void userResumed() {}

  /** Whether copies are under way on other threads. Any thread. */
  default boolean copying() {
    return false;
  }

  /** Waits until no copy is under way; the job is about to pause. On the body's thread. */
  default void awaitCopies() {}

  /** Whether the body itself comes to {@link HoldPoint#COMPLETION}, before its last step. */
  default boolean holdsBeforeEnd() {
    return false;
  }

  /** Whether a drain may go on although the body is running: it waits for this very drain. */
  default boolean drainsItself() {
    return false;
  }
}
