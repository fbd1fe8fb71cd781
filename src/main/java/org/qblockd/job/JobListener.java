// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

/** Hears what happens to jobs that users see (internal ones are silent). Called on the lane. */
public interface JobListener {
  /** The job changed its state: the event JOB_STATUS_CHANGE. */
  void statusChanged(String id, JobStatus status);

  /** The job is held on demand, for the time after {@code passed}: the event X_JOB_HELD. */
  default void held(String id, HoldPoint at, long passed, Progress.Snapshot progress) {}
}
