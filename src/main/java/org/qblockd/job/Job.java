// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * One job and its life cycle. Verbs and state changes on the control lane; {@link #pausePoint},
 * {@link #sleep}, {@link #yield}, {@link #becomeReady} and {@link #onLane} are for the job's body;
 * plain getters for any thread.
 *
 * <p>States, verbs, sentences and the order of events are those of QEMU 10.0.
 */
public class Job extends JobRecord {
  private final Jobs jobs;
  private final JobBody body;
  private final JobTransaction transaction;
  private final @Nullable JobEnd end;
  private JobStatus beforePause = JobStatus.RUNNING;

  /** On the lane only. */
  private boolean exited;

  /**
   * A job in state created; it is known to {@code jobs} from here on.
   *
   * @throws BlockException for an identifier that is malformed or taken
   */
  @SuppressWarnings("this-escape") // last step; nobody else runs on the lane meanwhile
  protected Job(Jobs jobs, JobType type, JobOptions options, JobBody body) throws BlockException {
    super(jobs, type, options, body);
    this.jobs = jobs;
    this.body = body;
    this.end = options.end();
    JobTransaction given = options.transaction();
    this.transaction = given == null ? new JobTransaction() : given;
    thread.onPauseWanted(this::settlePause);
    jobs.add(this);
    setStatus(JobStatus.CREATED);
    transaction.add(this);
  }

  /** A job that is nothing but its body. */
  public static Job create(Jobs jobs, JobType type, JobOptions options, JobBody body)
      throws BlockException {
    return new Job(jobs, type, options, body);
  }

  // ---- verbs ----------------------------------------------------------------------------------

  /** Starts the body; the first thing it meets is a pause point. */
  public final void start() {
    lane.check();
    started = true;
    setStatus(JobStatus.RUNNING);
    if (thread.pauseWanted()) {
      settlePause();
    }
    Thread.ofVirtual().name("job-" + shownId()).start(this::runBody);
  }

  /** Ends a created job before its start. */
  public final void failEarly() {
    lane.check();
    vanish();
  }

  /** The user's pause. */
  public final void pause() throws BlockException {
    check(JobVerb.PAUSE);
    if (userPaused) {
      throw BlockException.invalid("Job is already paused");
    }
    userPaused = true;
    wantPause();
  }

  /** The user's resume; also ends a pause that an error made. */
  public final void resume() throws BlockException {
    lane.check();
    if (!userPaused) {
      throw BlockException.invalid("Can't resume a job that was not paused");
    }
    check(JobVerb.RESUME);
    body.userResumed();
    userResumed();
    userPaused = false;
    unwantPause();
  }

  /** The user's cancel: without force a ready mirror ends well. */
  public final void cancel(boolean force) throws BlockException {
    check(JobVerb.CANCEL);
    cancelNow(force);
  }

  /** Asks a ready job to complete. */
  public final void complete() throws BlockException {
    check(JobVerb.COMPLETE);
    if (cancelRequested || !body.completable()) {
      throw BlockException.invalid("The active block job '" + shownId() + "' cannot be completed");
    }
    body.complete();
    kick();
  }

  /** Lets a pending job and those of its transaction conclude. */
  public final void finalizeJob() throws BlockException {
    check(JobVerb.FINALIZE);
    Completion.finish(transaction, this);
  }

  /** Forgets a concluded job. */
  public final void dismiss() throws BlockException {
    check(JobVerb.DISMISS);
    vanish();
  }

  /** Cancels and waits for the end of the work. */
  public final void cancelSync(boolean force) {
    lane.check();
    cancelNow(force);
    awaitCompleted();
  }

  /** Refuses the verb unless the state accepts it. */
  protected final void check(JobVerb verb) throws BlockException {
    lane.check();
    verb.check(shownId(), status());
  }

  private void cancelNow(boolean force) {
    if (status() == JobStatus.NULL) {
      return;
    }
    if (status() == JobStatus.CONCLUDED) {
      vanish();
      return;
    }
    boolean asleep = started && !returned && !busy();
    markCancelled(force);
    if (!started) {
      Completion.workDone(transaction, this);
    } else if (exited) {
      if (cancelled) {
        Completion.abort(transaction, this);
      }
    } else {
      kick();
      // A copy that is under way may need what only the lane can do.
      if (asleep && body.endsInCancel() && !body.copying()) {
        awaitCompleted();
      }
    }
  }

  /** Marks the job as cancelled; whoever calls this lets it go on. */
  final void markCancelled(boolean force) {
    boolean forced = body.cancel(force);
    if (userPaused) {
      body.userResumed();
      userResumed();
      userPaused = false;
      if (thread.unwantPause()) {
        leavePause();
      }
    }
    if (!forced && returned) {
      return;
    }
    cancelRequested = true;
    if (forced) {
      cancelled = true;
      leavePause();
      thread.forceCancel();
    }
  }

  // ---- pausing --------------------------------------------------------------------------------

  /** One more reason to pause: a drain. Ends with {@link #unwantPause}. */
  protected final void wantPause() {
    lane.check();
    thread.wantPause();
    if (started && !returned) {
      settlePause();
    }
  }

  /** Undoes one {@link #wantPause}. */
  protected final void unwantPause() {
    lane.check();
    if (thread.unwantPause()) {
      leavePause();
      kick();
    }
  }

  /** Pauses as if the user had asked for it: the policy stop of an error. */
  protected final void pauseForError() {
    lane.check();
    if (!userPaused && !completed()) {
      wantPause();
      userPaused = true;
    }
  }

  private void settlePause() {
    boolean runs = status() == JobStatus.RUNNING || status() == JobStatus.READY;
    if (runs && thread.maySettle(bodyBegan)) {
      beforePause = status();
      thread.setPaused(true);
      setStatus(status() == JobStatus.READY ? JobStatus.STANDBY : JobStatus.PAUSED);
      lane.kick();
    }
  }

  private void leavePause() {
    if (thread.paused()) {
      setStatus(beforePause);
      thread.setPaused(false);
    }
  }

  // ---- the body's side ------------------------------------------------------------------------

  private void runBody() {
    BlockException failure = null;
    try {
      bodyBegan = true;
      thread.pausePoint();
      boolean unused = holdAt(HoldPoint.START);
      if (!cancelled) {
        body.run();
      }
      if (!cancelled && !body.holdsBeforeEnd()) {
        unused = holdAt(HoldPoint.COMPLETION);
      }
    } catch (BlockException failed) {
      failure = failed;
    } catch (RuntimeException | Error bug) {
      failure = BlockException.io(Errno.EIO, bug);
      Thread.currentThread().getThreadGroup().uncaughtException(Thread.currentThread(), bug);
    }
    returned = true;
    BlockException outcome = failure;
    lane.post(() -> exited(outcome));
  }

  /** Parks while anybody wants the job to pause. */
  public final void pausePoint() {
    thread.pausePoint();
  }

  /** Sleeps, at most so long; ends early by {@link #kick}; includes a pause point. */
  public final void sleep(long nanos) {
    thread.sleep(Math.min(nanos, Long.MAX_VALUE / 4));
  }

  /** Sleeps until {@link #kick}; includes a pause point. */
  public final void yield() {
    thread.sleep(BodyThread.FOREVER);
  }

  /** Wakes the body, or lets its next sleep end at once. Any thread. */
  public final void kick() {
    thread.kick();
  }

  /** Runs a step on the lane and waits for it. */
  public final <T> T onLane(LaneStep<T> step) throws BlockException {
    return LaneStep.run(lane, step);
  }

  /** The job is in step with its source: state ready. On the lane. */
  public final void becomeReady() {
    lane.check();
    setStatus(JobStatus.READY);
    onReady();
  }

  /** Whether a drain must wait for this job. */
  protected final boolean keepsDrainWaiting() {
    if (body.copying()) {
      return true;
    }
    return busy() && !completed() && !body.drainsItself();
  }

  // ---- completion steps, driven by Completion -------------------------------------------------

  private void exited(@Nullable BlockException failure) {
    exited = true;
    if (failure != null && error == null) {
      error = failure;
    }
    if (completed()) {
      return;
    }
    Completion.workDone(transaction, this);
  }

  /** Turns cancellation into a failure and a failure into the state aborting. */
  final void settleError() {
    if (error == null && cancelled) {
      error = BlockException.io(Errno.ECANCELED);
    }
    if (error != null && status() != JobStatus.ABORTING) {
      setStatus(JobStatus.ABORTING);
    }
  }

  final void enterWaiting() {
    setStatus(JobStatus.WAITING);
  }

  final void enterPending() {
    setStatus(JobStatus.PENDING);
    if (!autoFinalize()) {
      onPending();
    }
  }

  final void prepare() {
    if (error == null) {
      try {
        body.prepare();
      } catch (BlockException failed) {
        error = failed;
      }
      settleError();
    }
  }

  final void conclude() {
    settleError();
    if (error == null) {
      body.commit();
    } else {
      body.abort();
    }
    body.clean();
    if (end != null) {
      end.ended(error);
    }
    if (started) {
      if (cancelled) {
        onCancelled();
      } else {
        onCompleted();
      }
    }
    transaction.remove(this);
    setStatus(JobStatus.CONCLUDED);
    if (autoDismiss() || !started) {
      vanish();
    }
  }

  final void awaitCompleted() {
    lane.pollWhile(() -> !completed());
  }

  private void vanish() {
    transaction.remove(this);
    setStatus(JobStatus.NULL);
    jobs.remove(this);
    onVanish();
  }

  // ---- for kinds of jobs ----------------------------------------------------------------------

  /** After the state ready. */
  protected void onReady() {}

  /** After the state pending of a job that waits for finalize. */
  protected void onPending() {}

  /**
   * Before the state concluded of a job that was not cancelled; {@link #error} says how it went.
   */
  protected void onCompleted() {}

  /** Before the state concluded of a cancelled job. */
  protected void onCancelled() {}

  /** After the state null. */
  protected void onVanish() {}

  /** The user resumed or cancelled the paused job. */
  protected void userResumed() {}
}
