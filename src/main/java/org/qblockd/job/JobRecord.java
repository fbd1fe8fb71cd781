// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;

/**
 * What a job is and where it stands. The state changes on the control lane, in one method; getters
 * for any thread.
 */
abstract class JobRecord {
  final ControlLane lane;
  final BodyThread thread;
  private final JobListener listener;
  private final JobHolds holds;
  private final JobType type;
  private final @Nullable String id;
  private final boolean autoFinalize;
  private final boolean autoDismiss;
  private final Progress progress = new Progress();
  private volatile JobStatus status = JobStatus.UNDEFINED;

  /** Whether the body was started, has begun, has returned. */
  volatile boolean started;

  volatile boolean bodyBegan;
  volatile boolean returned;
  volatile boolean cancelRequested;

  /** Cancelled for good: the result does not matter. */
  volatile boolean cancelled;

  volatile boolean userPaused;
  volatile @Nullable BlockException error;

  JobRecord(Jobs jobs, JobType type, JobOptions options, JobBody body) throws BlockException {
    lane = jobs.lane();
    lane.check();
    id = options.id();
    if (id != null) {
      jobs.checkId(id);
    }
    this.type = type;
    this.listener = jobs.listener();
    this.holds = jobs.holds();
    this.autoFinalize = options.autoFinalize();
    this.autoDismiss = options.autoDismiss();
    this.thread = new BodyThread(lane, jobs.clock(), body);
  }

  /** The one place where the state changes and the event is sent. */
  final void setStatus(JobStatus next) {
    lane.check();
    if (!status.mayBecome(next)) {
      throw new IllegalStateException("job " + shownId() + ": " + status + " to " + next);
    }
    status = next;
    if (id != null) {
      listener.statusChanged(id, next);
    }
  }

  /**
   * Waits if somebody wants to hold the job at this point; a pause or a drain need not wait for it
   * meanwhile. On the body's thread. Returns whether it was held.
   */
  public final boolean holdAt(HoldPoint point) {
    String name = id;
    long passed = name == null || !holds.any() || cancelled ? -1 : holds.arrive(name, point);
    if (passed < 0 || name == null) {
      return false;
    }
    lane.post(() -> listener.held(name, point, passed, progress.snapshot()));
    while (!cancelled && holds.waits(name, point)) {
      thread.sleep(BodyThread.FOREVER);
    }
    holds.leave(name, point);
    return true;
  }

  /** The identifier, or null for an internal job. */
  public final @Nullable String id() {
    return id;
  }

  /** The identifier in messages: empty for an internal job. */
  public final String shownId() {
    return id == null ? "" : id;
  }

  /** What the job does. */
  public final JobType type() {
    return type;
  }

  /** The state. */
  public final JobStatus status() {
    return status;
  }

  /** Whether the job goes on from pending by itself. */
  public final boolean autoFinalize() {
    return autoFinalize;
  }

  /** Whether the job vanishes by itself. */
  public final boolean autoDismiss() {
    return autoDismiss;
  }

  /** The progress. */
  public final Progress progress() {
    return progress;
  }

  /** Whether the job has its work done or will not do it. */
  public final boolean completed() {
    return status.completed();
  }

  /** Whether the body was started. */
  public final boolean started() {
    return started;
  }

  /** Whether the body is at work: started, not parked, not returned. */
  public final boolean busy() {
    return started && !returned && !thread.waiting();
  }

  /** Whether anybody wants the job to pause, be it a user, an error or a drain. */
  public final boolean pauseWanted() {
    return thread.pauseWanted();
  }

  /** Whether a user (or an error policy) paused the job. */
  public final boolean userPaused() {
    return userPaused;
  }

  /** Whether the job reached ready and has not left it for good. */
  public final boolean ready() {
    return status == JobStatus.READY || status == JobStatus.STANDBY;
  }

  /** Whether the job is to end as cancelled. */
  public final boolean cancelled() {
    return cancelled;
  }

  /** Whether anybody asked for the end, with or without force. */
  public final boolean cancelRequested() {
    return cancelRequested;
  }

  /** Why the job failed, or null. */
  public final @Nullable BlockException error() {
    return error;
  }

  /** What query-jobs shows. */
  public final JobInfo info() {
    Progress.Snapshot done = progress.snapshot();
    BlockException failure = error;
    return new JobInfo(
        shownId(),
        type,
        status,
        done.current(),
        done.total(),
        failure == null ? null : failure.message());
  }
}
