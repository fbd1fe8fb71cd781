// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import static org.qblockd.job.JobStatus.CONCLUDED;
import static org.qblockd.job.JobStatus.CREATED;
import static org.qblockd.job.JobStatus.PAUSED;
import static org.qblockd.job.JobStatus.PENDING;
import static org.qblockd.job.JobStatus.READY;
import static org.qblockd.job.JobStatus.RUNNING;
import static org.qblockd.job.JobStatus.STANDBY;
import static org.qblockd.job.JobStatus.WAITING;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.qblockd.base.BlockException;

/**
 * What users can ask of a job, and in which states. Names: QAPI enum JobVerb. Immutable; any
 * thread.
 */
public enum JobVerb {
  CANCEL(CREATED, RUNNING, PAUSED, READY, STANDBY, WAITING, PENDING),
  PAUSE(CREATED, RUNNING, PAUSED, READY, STANDBY),
  RESUME(CREATED, RUNNING, PAUSED, READY, STANDBY),
  SET_SPEED(CREATED, RUNNING, PAUSED, READY, STANDBY),
  COMPLETE(READY, STANDBY),
  DISMISS(CONCLUDED),
  FINALIZE(PENDING),
  CHANGE(CREATED, RUNNING, PAUSED, READY, STANDBY);

  private final Set<JobStatus> allowed;

  JobVerb(JobStatus first, JobStatus... others) {
    allowed = Collections.unmodifiableSet(EnumSet.of(first, others));
  }

  /** The name on the wire and in refusals. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The states in which the verb is accepted. */
  public Set<JobStatus> allowed() {
    return allowed;
  }

  /** Refuses the verb unless the state accepts it. */
  void check(String id, JobStatus status) throws BlockException {
    if (!allowed.contains(status)) {
      throw BlockException.invalid(
          "Job '%s' in state '%s' cannot accept command verb '%s'"
              .formatted(id, status.wireName(), wireName()));
    }
  }
}
