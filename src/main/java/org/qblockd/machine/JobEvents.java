// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.blockjob.BlockJobEvents;
import org.qblockd.blockjob.ErrorAction;
import org.qblockd.job.HoldPoint;
import org.qblockd.job.JobListener;
import org.qblockd.job.JobStatus;
import org.qblockd.job.JobType;
import org.qblockd.job.Progress;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.types.BlockErrorAction;
import org.qblockd.qapi.types.BlockJobCancelledEvent;
import org.qblockd.qapi.types.BlockJobCompletedEvent;
import org.qblockd.qapi.types.BlockJobErrorEvent;
import org.qblockd.qapi.types.BlockJobPendingEvent;
import org.qblockd.qapi.types.BlockJobReadyEvent;
import org.qblockd.qapi.types.IoOperationType;
import org.qblockd.qapi.types.JobHoldPoint;
import org.qblockd.qapi.types.JobStatusChangeEvent;
import org.qblockd.qapi.types.XJobHeldEvent;

/** Turns what happens to jobs into QMP events. Control lane. */
public final class JobEvents implements JobListener, BlockJobEvents {
  private final EventSink events;
  private final Consumer<String> reports;

  /**
   * Sends events to this sink.
   *
   * @param reports gets sentences for standard error
   */
  public JobEvents(EventSink events, Consumer<String> reports) {
    this.events = events;
    this.reports = reports;
  }

  @Override
  public void told(String sentence) {
    reports.accept(sentence);
  }

  /** The wire's name of a job type. */
  public static org.qblockd.qapi.types.JobType wire(JobType type) {
    return org.qblockd.qapi.types.JobType.valueOf(type.name());
  }

  /** The wire's name of a job's state. */
  public static org.qblockd.qapi.types.JobStatus wire(JobStatus status) {
    return org.qblockd.qapi.types.JobStatus.valueOf(status.name());
  }

  @Override
  public void statusChanged(String id, JobStatus status) {
    events.emit(new JobStatusChangeEvent(id, wire(status)));
  }

  @Override
  public void held(String id, HoldPoint at, long passed, Progress.Snapshot progress) {
    events.emit(
        new XJobHeldEvent(
            id, JobHoldPoint.valueOf(at.name()), passed, progress.current(), progress.total()));
  }

  @Override
  public void ready(JobType type, String id, long len, long offset, long speed) {
    events.emit(new BlockJobReadyEvent(wire(type), id, len, offset, speed));
  }

  @Override
  public void pending(JobType type, String id) {
    events.emit(new BlockJobPendingEvent(wire(type), id));
  }

  @Override
  public void completed(
      JobType type, String id, long len, long offset, long speed, @Nullable String error) {
    events.emit(
        new BlockJobCompletedEvent(wire(type), id, len, offset, speed, Optional.ofNullable(error)));
  }

  @Override
  public void cancelled(JobType type, String id, long len, long offset, long speed) {
    events.emit(new BlockJobCancelledEvent(wire(type), id, len, offset, speed));
  }

  @Override
  public void error(String id, boolean read, ErrorAction action) {
    events.emit(
        new BlockJobErrorEvent(
            id,
            read ? IoOperationType.READ : IoOperationType.WRITE,
            BlockErrorAction.valueOf(action.name())));
  }
}
