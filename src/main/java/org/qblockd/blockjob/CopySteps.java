// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.qblockd.job.HoldPoint;
import org.qblockd.job.JobHolds;

/**
 * Lets a job that is held at {@link HoldPoint#COPY} copy so many bytes and no more between two
 * stops. On the job's thread.
 */
public final class CopySteps {
  private final BlockJob job;
  private final JobHolds holds;
  private long taken;

  CopySteps(BlockJob job, JobHolds holds) {
    this.job = job;
    this.holds = holds;
  }

  /** How many bytes the next piece may have at most, at least one. */
  public long most() {
    long every = holds.every(job);
    return every == 0 ? Long.MAX_VALUE : Math.max(1, every - taken);
  }

  /** A piece of so many bytes is under way. */
  public void taken(long bytes) {
    if (holds.every(job) > 0) {
      taken += bytes;
    }
  }

  /** Whether nothing more may be begun before {@link #hold}. */
  public boolean usedUp() {
    long every = holds.every(job);
    return every > 0 && taken >= every;
  }

  /** Stops, if the step is used up; all that is under way must have ended. */
  public void hold() {
    if (usedUp()) {
      job.holdAt(HoldPoint.COPY);
      taken = 0;
    }
  }
}
