// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.job.Job;
import org.qblockd.job.Jobs;
import org.qblockd.machine.JobEvents;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockDeviceIoStatus;
import org.qblockd.qapi.types.BlockJobChangeOptions;
import org.qblockd.qapi.types.BlockJobInfo;
import org.qblockd.qapi.types.BlockJobInfoMirror;

/** The commands of {@code block-core.json} about jobs that run already. Control lane. */
public final class BlockJobVerbs {
  private final Jobs jobs;

  /** The commands for these jobs. */
  public BlockJobVerbs(Jobs jobs) {
    this.jobs = jobs;
  }

  /** The block job with this identifier; DeviceNotActive if there is none. */
  public BlockJob find(String id) throws QmpException {
    if (jobs.find(id) instanceof BlockJob job) {
      return job;
    }
    throw new QmpException(ErrorClass.DEVICE_NOT_ACTIVE, "Block job '" + id + "' not found");
  }

  /** {@code block-job-change}. */
  public void change(BlockJobChangeOptions options) throws QmpException, BlockException {
    BlockJob job = find(options.id());
    switch (options) {
      case BlockJobChangeOptions.Mirror mirror ->
          job.change(CopyMode.valueOf(mirror.data().copyMode().name()));
      // QEMU does not compare the type with the job's; what is not said has its first value.
      case BlockJobChangeOptions.Other other -> job.change(CopyMode.BACKGROUND);
    }
  }

  /** {@code query-block-jobs}. */
  public List<BlockJobInfo> query() {
    List<BlockJobInfo> infos = new ArrayList<>();
    for (Job job : jobs.all()) {
      if (job.id() != null && job instanceof BlockJob blockJob) {
        infos.add(wire(blockJob.blockJobInfo()));
      }
    }
    return infos;
  }

  private static BlockJobInfo wire(org.qblockd.blockjob.BlockJobInfo info) {
    Boolean synced = info.activelySynced();
    BlockDeviceIoStatus ioStatus = BlockDeviceIoStatus.valueOf(info.ioStatus().name());
    if (synced != null) {
      return new BlockJobInfo.Mirror(
          info.device(),
          info.len(),
          info.offset(),
          info.busy(),
          info.paused(),
          info.speed(),
          ioStatus,
          info.ready(),
          JobEvents.wire(info.status()),
          info.autoFinalize(),
          info.autoDismiss(),
          Optional.ofNullable(info.error()),
          new BlockJobInfoMirror(synced));
    }
    return new BlockJobInfo.Other(
        JobEvents.wire(info.type()),
        info.device(),
        info.len(),
        info.offset(),
        info.busy(),
        info.paused(),
        info.speed(),
        ioStatus,
        info.ready(),
        JobEvents.wire(info.status()),
        info.autoFinalize(),
        info.autoDismiss(),
        Optional.ofNullable(info.error()));
  }
}
