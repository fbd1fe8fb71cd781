// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.ArrayList;
import java.util.List;

/**
 * Jobs that succeed or fail together ({@code completion-mode: grouped}); every other job is alone
 * in one of its own. Control lane.
 */
public final class JobTransaction {
  private final List<Job> jobs = new ArrayList<>();
  private boolean aborting;

  void add(Job job) {
    jobs.addFirst(job);
  }

  void remove(Job job) {
    jobs.remove(job);
  }

  /** The jobs that are not finished, newest first. */
  List<Job> jobs() {
    return List.copyOf(jobs);
  }

  boolean aborting() {
    return aborting;
  }

  void startAborting() {
    aborting = true;
  }
}
