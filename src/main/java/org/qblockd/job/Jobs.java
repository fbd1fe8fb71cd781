// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;
import org.qblockd.base.Identifiers;

/** All jobs of the server. Control lane. */
public final class Jobs {
  private final ControlLane lane;
  private final Clock clock;
  private final JobListener listener;
  private final List<Job> jobs = new ArrayList<>();
  private final JobHolds holds = new JobHolds();

  /** No jobs yet. */
  public Jobs(ControlLane lane, Clock clock, JobListener listener) {
    this.lane = lane;
    this.clock = clock;
    this.listener = listener;
  }

  /** The lane on which jobs change their state. */
  public ControlLane lane() {
    return lane;
  }

  /** The clock of speed limits. */
  public Clock clock() {
    return clock;
  }

  /** Where jobs are held on demand. */
  public JobHolds holds() {
    return holds;
  }

  /** Lets a held job go on, {@code count} holds further. */
  public void step(Job job, long count) throws BlockException {
    lane.check();
    holds.step(job, count);
  }

  /** Takes back a hold, or all holds of this name; a job that waits there goes on. */
  public boolean release(String id, @Nullable HoldPoint at) {
    lane.check();
    boolean removed = holds.release(id, at);
    Job job = find(id);
    if (job != null) {
      job.kick();
    }
    return removed;
  }

  JobListener listener() {
    return listener;
  }

  /** All jobs, internal ones included, newest first. */
  public List<Job> all() {
    return List.copyOf(jobs);
  }

  /** The job with this identifier, or null. */
  public @Nullable Job find(String id) {
    for (Job job : jobs) {
      if (id.equals(job.id())) {
        return job;
      }
    }
    return null;
  }

  /** Refuses an identifier that is malformed or taken. */
  public void checkId(String id) throws BlockException {
    if (!Identifiers.wellFormed(id)) {
      throw BlockException.invalid("Invalid job ID '" + id + "'");
    }
    if (find(id) != null) {
      throw BlockException.invalid("Job ID '" + id + "' already in use");
    }
  }

  void add(Job job) {
    jobs.addFirst(job);
  }

  void remove(Job job) {
    jobs.remove(job);
    String id = job.id();
    if (id != null) {
      holds.release(id, null);
    }
  }

  /** Cancels every job and waits until all are gone, for the end of the server. */
  public void cancelAll() {
    lane.check();
    while (!jobs.isEmpty()) {
      jobs.getFirst().cancelSync(true);
    }
  }
}
