// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.job.JobType;

/**
 * Hears the BLOCK_JOB_* events of jobs that users see. {@code len} and {@code offset} are the job's
 * progress: total and current. Called on the control lane.
 */
public interface BlockJobEvents {
  /** BLOCK_JOB_READY. */
  void ready(JobType type, String id, long len, long offset, long speed);

  /** BLOCK_JOB_PENDING. */
  void pending(JobType type, String id);

  /** BLOCK_JOB_COMPLETED; {@code error} is null after success. */
  void completed(
      JobType type, String id, long len, long offset, long speed, @Nullable String error);

  /** BLOCK_JOB_CANCELLED. */
  void cancelled(JobType type, String id, long len, long offset, long speed);

  /** BLOCK_JOB_ERROR; {@code read} tells the direction of the failed operation. */
  void error(String id, boolean read, ErrorAction action);

  /** A sentence for the user of the server, which no event carries. */
  void told(String sentence);
}
