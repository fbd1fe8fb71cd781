// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.blockjob;

import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.driver.BlockDriver;
import org.qblockd.driver.Computation;
import org.qblockd.driver.FormatCreator;
import org.qblockd.driver.ImageCreator;
import org.qblockd.job.Job;
import org.qblockd.job.JobBody;
import org.qblockd.job.JobOptions;
import org.qblockd.job.JobType;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevCreateOptions;

/** {@code blockdev-create}: a job that stays until it is dismissed. Control lane. */
public final class CreateCommand {
  private final Machine machine;
  private final ImageCreator creator;

  /** The command for this machine. */
  public CreateCommand(Machine machine, ImageCreator creator) {
    this.machine = machine;
    this.creator = creator;
  }

  /** Starts the job. */
  public void run(String jobId, BlockdevCreateOptions options) throws QmpException, BlockException {
    BlockDriver driver = machine.opener().drivers().find(options.driver().wireName());
    if (driver == null) {
      throw QmpException.generic(
          "Block driver '%s' not found or not supported".formatted(options.driver().wireName()));
    }
    FormatCreator format = driver.creator();
    if (format == null) {
      throw QmpException.generic("Driver does not support blockdev-create");
    }
    machine.jobs().checkId(jobId);
    Creation body = new Creation(options, format);
    Job job =
        Job.create(machine.jobs(), JobType.CREATE, new JobOptions(jobId, true, false, null), body);
    body.job = job;
    job.progress().setRemaining(1);
    job.start();
  }

  private final class Creation implements JobBody {
    private final BlockdevCreateOptions options;
    private @org.jspecify.annotations.Nullable Job job;

    private final FormatCreator format;

    Creation(BlockdevCreateOptions options, FormatCreator format) {
      this.options = options;
      this.format = format;
    }

    /** Creates the image at once, unless something is to be computed before. */
    private Optional<Computation<Boolean>> begin() throws BlockException {
      Optional<Computation<Boolean>> first = format.preparation(options);
      if (first.isEmpty()) {
        creator.create(format, options);
      }
      return first;
    }

    @Override
    public void run() throws BlockException {
      Job running = java.util.Objects.requireNonNull(job);
      try {
        Optional<Computation<Boolean>> first = running.onLane(this::begin);
        if (first.isPresent()) {
          first.get().run();
          running.onLane(() -> {
            creator.create(format, options);
            return true;
          });
        }
      } finally {
        running.progress().done(1);
      }
    }
  }
}
