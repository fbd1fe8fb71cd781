// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.List;

/**
 * How the jobs of a transaction end together: when the last one has done its work all become
 * pending, are prepared, and are then committed; one failure cancels and aborts all. Control lane.
 */
final class Completion {
  private Completion() {}

  /** The job's body has returned, or the job is cancelled before its start. */
  static void workDone(JobTransaction transaction, Job job) {
    job.settleError();
    if (job.error() != null) {
      abort(transaction, job);
    } else {
      succeed(transaction, job);
    }
  }

  private static void succeed(JobTransaction transaction, Job job) {
    job.enterWaiting();
    List<Job> all = transaction.jobs();
    for (Job other : all) {
      if (!other.completed()) {
        return;
      }
    }
    for (Job other : all) {
      other.enterPending();
    }
    for (Job other : all) {
      if (!other.autoFinalize()) {
        return;
      }
    }
    finish(transaction, job);
  }

  /** Prepares all, then commits all; the first that cannot be prepared aborts all. */
  static void finish(JobTransaction transaction, Job job) {
    for (Job other : transaction.jobs()) {
      other.prepare();
      if (other.error() != null) {
        abort(transaction, job);
        return;
      }
    }
    for (Job other : transaction.jobs()) {
      other.conclude();
    }
  }

  /** Ends all jobs without a result; {@code job} is the one that failed or was cancelled. */
  static void abort(JobTransaction transaction, Job job) {
    if (transaction.aborting()) {
      return;
    }
    transaction.startAborting();
    for (Job other : transaction.jobs()) {
      if (!other.equals(job)) {
        other.markCancelled(true);
        other.kick();
      }
    }
    List<Job> left = transaction.jobs();
    while (!left.isEmpty()) {
      Job first = left.getFirst();
      if (!first.completed()) {
        endWork(first);
      }
      first.conclude();
      left = transaction.jobs();
    }
  }

  private static void endWork(Job job) {
    if (job.started()) {
      job.kick();
      job.awaitCompleted();
    } else {
      job.settleError();
    }
  }
}
