// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

/** Hears what happens to jobs that users see (internal ones are silent). Called on the lane. */
@FunctionalInterface
public interface JobListener {
  /** The job changed its state: the event JOB_STATUS_CHANGE. */
  void statusChanged(String id, JobStatus status);
}
