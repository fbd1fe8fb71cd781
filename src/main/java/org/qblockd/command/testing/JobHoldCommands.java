// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.base.Identifiers;
import org.qblockd.job.HoldPoint;
import org.qblockd.job.Job;
import org.qblockd.job.JobHolds;
import org.qblockd.job.Jobs;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.JobHoldInfo;
import org.qblockd.qapi.types.JobHoldPoint;

/** Holds jobs and lets them go. Control lane. */
final class JobHoldCommands {
  private static final long USUAL_EVERY = 65_536;
  private static final int SECTOR = 512;

  private final Jobs jobs;

  JobHoldCommands(Jobs jobs) {
    this.jobs = jobs;
  }

  void hold(String id, JobHoldPoint at, Optional<Long> every) throws QmpException, BlockException {
    if (!Identifiers.wellFormed(id)) {
      throw QmpException.generic("Invalid job ID '" + id + "'");
    }
    if (every.isPresent() && at != JobHoldPoint.COPY) {
      throw QmpException.generic("'every' is only for 'copy'");
    }
    long bytes = every.orElse(USUAL_EVERY);
    if (bytes <= 0 || bytes % SECTOR != 0) {
      throw QmpException.generic("Parameter 'every' expects a positive multiple of " + SECTOR);
    }
    Job job = jobs.find(id);
    if (job != null && isPast(job, at)) {
      throw QmpException.generic("Job '" + id + "' is past the point '" + at.wireName() + "'");
    }
    jobs.holds().set(id, HoldPoint.valueOf(at.name()), bytes);
  }

  private static boolean isPast(Job job, JobHoldPoint at) {
    return job.completed()
        || at == JobHoldPoint.START && job.started()
        || at == JobHoldPoint.READY && job.ready();
  }

  void step(String id, long count) throws QmpException, BlockException {
    Job job = jobs.find(id);
    if (job == null) {
      throw QmpException.generic("Job not found");
    }
    if (count <= 0) {
      throw QmpException.generic("Parameter 'count' expects a positive number");
    }
    jobs.step(job, count);
  }

  void release(String id, Optional<JobHoldPoint> at) throws QmpException {
    HoldPoint point = at.isPresent() ? HoldPoint.valueOf(at.get().name()) : null;
    if (!jobs.release(id, point)) {
      throw QmpException.generic("There is no such hold of a job '" + id + "'");
    }
  }

  List<JobHoldInfo> query() {
    List<JobHoldInfo> infos = new ArrayList<>();
    for (JobHolds.Info hold : jobs.holds().all()) {
      infos.add(
          new JobHoldInfo(
              hold.id(),
              JobHoldPoint.valueOf(hold.at().name()),
              hold.every() == 0 ? Optional.empty() : Optional.of(hold.every()),
              hold.held(),
              hold.passed()));
    }
    return infos;
  }
}
