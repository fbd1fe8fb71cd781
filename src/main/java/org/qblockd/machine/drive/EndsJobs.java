// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.job.Job;
import org.qblockd.job.Jobs;

/** Ends the jobs on a drive that goes away together with its device. Control lane. */
final class EndsJobs {
  private EndsJobs() {}

  static void of(Jobs jobs, BlockNode node) {
    for (Job job : jobs.all()) {
      if (job instanceof BlockJob blockJob && blockJob.holds(node)) {
        cancel(blockJob);
      }
    }
  }

  private static void cancel(BlockJob job) {
    try {
      job.cancel(false);
    } catch (BlockException over) {
      // It is about to end by itself: its state has no such verb any more.
      assert job.started() : over;
    }
  }
}
