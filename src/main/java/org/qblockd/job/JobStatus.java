// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The states of a job and the changes that are allowed. Names: QAPI enum JobStatus. Immutable; any
 * thread.
 */
public enum JobStatus {
  UNDEFINED,
  CREATED,
  RUNNING,
  PAUSED,
  READY,
  STANDBY,
  WAITING,
  PENDING,
  ABORTING,
  CONCLUDED,
  NULL;

  private static final JobStatus[] NONE = {};

  /** The name on the wire. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The states that may follow this one. */
  public Set<JobStatus> next() {
    Set<JobStatus> next = EnumSet.noneOf(JobStatus.class);
    next.addAll(java.util.List.of(followers()));
    return next;
  }

  /** Whether {@code other} may follow. */
  public boolean mayBecome(JobStatus other) {
    for (JobStatus follower : followers()) {
      if (follower == other) {
        return true;
      }
    }
    return false;
  }

  /** Whether the body has done its work: nothing but completion steps can follow. */
  public boolean completed() {
    return this == WAITING
        || this == PENDING
        || this == ABORTING
        || this == CONCLUDED
        || this == NULL;
  }

  private JobStatus[] followers() {
    return switch (this) {
      case UNDEFINED -> new JobStatus[] {CREATED};
      case CREATED -> new JobStatus[] {RUNNING, ABORTING, NULL};
      case RUNNING -> new JobStatus[] {PAUSED, READY, WAITING, ABORTING};
      case PAUSED -> new JobStatus[] {RUNNING};
      case READY -> new JobStatus[] {STANDBY, WAITING, ABORTING};
      case STANDBY -> new JobStatus[] {READY};
      case WAITING -> new JobStatus[] {PENDING, ABORTING};
      case PENDING, ABORTING -> new JobStatus[] {ABORTING, CONCLUDED};
      case CONCLUDED -> new JobStatus[] {NULL};
      case NULL -> NONE;
    };
  }
}
