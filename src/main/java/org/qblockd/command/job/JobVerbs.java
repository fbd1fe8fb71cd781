// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.job.Job;
import org.qblockd.job.Jobs;
import org.qblockd.machine.JobEvents;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.JobCommands;
import org.qblockd.qapi.types.JobInfo;

/** The commands of {@code job.json}. Control lane. */
public final class JobVerbs implements JobCommands {
  private final Jobs jobs;

  /** The commands for these jobs. */
  public JobVerbs(Jobs jobs) {
    this.jobs = jobs;
  }

  private Job find(String id) throws QmpException {
    Job job = jobs.find(id);
    if (job == null) {
      throw QmpException.generic("Job not found");
    }
    return job;
  }

  @Override
  public void jobPause(String id) throws QmpException, BlockException {
    find(id).pause();
  }

  @Override
  public void jobResume(String id) throws QmpException, BlockException {
    find(id).resume();
  }

  @Override
  public void jobCancel(String id) throws QmpException, BlockException {
    find(id).cancel(true);
  }

  @Override
  public void jobComplete(String id) throws QmpException, BlockException {
    find(id).complete();
  }

  @Override
  public void jobDismiss(String id) throws QmpException, BlockException {
    find(id).dismiss();
  }

  @Override
  public void jobFinalize(String id) throws QmpException, BlockException {
    find(id).finalizeJob();
  }

  @Override
  public List<JobInfo> queryJobs() {
    List<JobInfo> infos = new ArrayList<>();
    for (Job job : jobs.all()) {
      if (job.id() != null) {
        infos.add(wire(job.info()));
      }
    }
    return infos;
  }

  private static JobInfo wire(org.qblockd.job.JobInfo info) {
    return new JobInfo(
        info.id(),
        JobEvents.wire(info.type()),
        JobEvents.wire(info.status()),
        info.current(),
        info.total(),
        Optional.ofNullable(info.error()));
  }
}
