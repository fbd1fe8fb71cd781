// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.ControlLane;
import org.qblockd.blockjob.BlockJobEvents;
import org.qblockd.blockjob.ErrorAction;
import org.qblockd.job.JobType;

/** What jobs told. Any thread. */
final class JobLog implements BlockJobEvents {
  private final ControlLane lane;
  private final List<String> events = new ArrayList<>();

  JobLog(ControlLane lane) {
    this.lane = lane;
  }

  void add(String event) {
    synchronized (events) {
      events.add(event);
    }
    lane.kick();
  }

  boolean has(String event) {
    synchronized (events) {
      return events.contains(event);
    }
  }

  @Override
  public void ready(JobType type, String id, long len, long offset, long speed) {
    add(id + " told ready");
  }

  @Override
  public void pending(JobType type, String id) {}

  @Override
  public void completed(
      JobType type, String id, long len, long offset, long speed, @Nullable String error) {
    add(id + (error == null ? " succeeded" : " failed"));
    if (error != null) {
      add(id + ": " + error);
    }
  }

  @Override
  public void cancelled(JobType type, String id, long len, long offset, long speed) {
    add(id + " cancelled");
  }

  @Override
  public void told(String sentence) {}

  @Override
  public void error(String id, boolean read, ErrorAction action) {}

  @Override
  public String toString() {
    synchronized (events) {
      return String.join(", ", events);
    }
  }
}
