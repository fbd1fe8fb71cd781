// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.qblockd.base.BlockException;
import org.qblockd.base.ControlLane;
import org.qblockd.base.Errno;
import org.qblockd.base.ManualClock;

/** The life of jobs, told by their states; the orders are those that QEMU 10.0.2 shows. */
@Timeout(60)
class JobTest {
  private final ControlLane lane = new ControlLane();
  private final ManualClock clock = new ManualClock();
  private final List<String> states = new CopyOnWriteArrayList<>();
  private final Jobs jobs =
      new Jobs(lane, clock, (id, status) -> states.add(id + ":" + status.wireName()));

  @AfterEach
  void close() {
    lane.close();
  }

  /** Sleeps until it is told to end. */
  private static final class Sleeper implements JobBody {
    final CountDownLatch asleep = new CountDownLatch(1);
    volatile boolean end;
    volatile boolean readyFirst;
    volatile BlockException failure;
    Job job;

    @Override
    public void run() throws BlockException {
      if (readyFirst) {
        job.onLane(() -> {
          job.becomeReady();
          return true;
        });
      }
      asleep.countDown();
      while (!end && !job.cancelled()) {
        job.sleep(1_000_000_000);
      }
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public boolean completable() {
      return true;
    }

    @Override
    public void complete() {
      end = true;
    }

    void finish() {
      end = true;
      job.kick();
    }
  }

  private Sleeper start(JobOptions options) throws Exception {
    return start(options, false);
  }

  private Sleeper start(JobOptions options, boolean readyFirst) throws Exception {
    Sleeper body = new Sleeper();
    body.readyFirst = readyFirst;
    on(() -> {
      body.job = Job.create(jobs, JobType.STREAM, options, body);
      body.job.start();
    });
    body.asleep.await();
    await(() -> !body.job.busy());
    return body;
  }

  private interface Step {
    void run() throws BlockException;
  }

  private void on(Step step) throws BlockException {
    boolean unused =
        Commands.run(
            lane,
            () -> {
              step.run();
              return true;
            });
  }

  /** Waits on the lane, which bodies kick; bodies that park kick nobody, so ask again. */
  private static void await(java.util.function.BooleanSupplier wanted) {
    while (!wanted.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private void awaitStatus(Job job, JobStatus status) throws BlockException {
    on(() -> lane.pollWhile(() -> job.status() != status));
  }

  @Test
  void runsToTheEnd() throws Exception {
    Sleeper body = start(JobOptions.named("j"));
    body.finish();
    awaitStatus(body.job, JobStatus.NULL);
    assertThat(states)
        .containsExactly(
            "j:created", "j:running", "j:waiting", "j:pending", "j:concluded", "j:null");
    assertThat(jobs.all()).isEmpty();
  }

  @Test
  void failsWithItsError() throws Exception {
    Sleeper body = start(new JobOptions("j", true, false, null));
    body.failure = BlockException.of(Errno.EIO, "too bad");
    body.finish();
    awaitStatus(body.job, JobStatus.CONCLUDED);
    assertThat(body.job.info().error()).isEqualTo("too bad");
    on(body.job::dismiss);
    assertThat(states)
        .containsExactly("j:created", "j:running", "j:aborting", "j:concluded", "j:null");
  }

  @Test
  void aSleepingJobPausesWhileTheCommandRuns() throws Exception {
    Sleeper body = start(JobOptions.named("j"));
    on(() -> {
      body.job.pause();
      assertThat(body.job.status()).isEqualTo(JobStatus.PAUSED);
      assertThatThrownBy(body.job::pause).hasMessage("Job is already paused");
      body.job.resume();
      assertThat(body.job.status()).isEqualTo(JobStatus.RUNNING);
      assertThatThrownBy(body.job::resume).hasMessage("Can't resume a job that was not paused");
    });
    body.finish();
    awaitStatus(body.job, JobStatus.NULL);
  }

  @Test
  void completeInStandbyWaitsForResume() throws Exception {
    Sleeper body = start(JobOptions.named("j"), true);
    on(() -> {
      body.job.pause();
      assertThat(body.job.status()).isEqualTo(JobStatus.STANDBY);
      body.job.complete();
      assertThat(body.job.status()).isEqualTo(JobStatus.STANDBY);
      body.job.resume();
    });
    awaitStatus(body.job, JobStatus.NULL);
    assertThat(states)
        .containsSubsequence("j:ready", "j:standby", "j:ready", "j:waiting", "j:pending");
  }

  @Test
  void cancelOfAPausedJobRunsItOnceMore() throws Exception {
    Sleeper body = start(JobOptions.named("j"));
    on(body.job::pause);
    on(() -> body.job.cancel(true));
    awaitStatus(body.job, JobStatus.NULL);
    assertThat(states)
        .containsExactly(
            "j:created",
            "j:running",
            "j:paused",
            "j:running",
            "j:aborting",
            "j:concluded",
            "j:null");
  }

  @Test
  void waitsForFinalizeAndDismiss() throws Exception {
    Sleeper body = start(new JobOptions("j", false, false, null));
    body.finish();
    awaitStatus(body.job, JobStatus.PENDING);
    on(body.job::finalizeJob);
    assertThat(body.job.status()).isEqualTo(JobStatus.CONCLUDED);
    assertThat(jobs.find("j")).isSameAs(body.job);
    on(body.job::dismiss);
    assertThat(jobs.find("j")).isNull();
  }

  @Test
  void cancelOfAPendingJobConcludesAtOnce() throws Exception {
    Sleeper body = start(new JobOptions("j", false, false, null));
    body.finish();
    awaitStatus(body.job, JobStatus.PENDING);
    on(() -> body.job.cancel(false));
    assertThat(body.job.status()).isEqualTo(JobStatus.CONCLUDED);
    assertThat(body.job.info().error()).isEqualTo("Operation canceled");
  }

  @Test
  void groupedJobsFailTogether() throws Exception {
    JobTransaction group = new JobTransaction();
    Sleeper one = start(new JobOptions("one", true, true, group));
    Sleeper two = start(new JobOptions("two", true, true, group));
    two.failure = BlockException.io(Errno.EIO);
    two.finish();
    awaitStatus(one.job, JobStatus.NULL);
    awaitStatus(two.job, JobStatus.NULL);
    assertThat(one.job.info().error()).isEqualTo("Operation canceled");
    assertThat(two.job.info().error()).isEqualTo("Input/output error");
  }

  @Test
  void groupedJobsWaitForEachOther() throws Exception {
    JobTransaction group = new JobTransaction();
    Sleeper one = start(new JobOptions("one", true, true, group));
    Sleeper two = start(new JobOptions("two", true, true, group));
    one.finish();
    awaitStatus(one.job, JobStatus.WAITING);
    assertThat(two.job.status()).isEqualTo(JobStatus.RUNNING);
    two.finish();
    awaitStatus(two.job, JobStatus.NULL);
    assertThat(states)
        .containsSubsequence("one:waiting", "two:waiting", "two:pending", "one:pending");
    assertThat(one.job.status()).isEqualTo(JobStatus.NULL);
  }

  @Test
  void identifiersAreChecked() throws Exception {
    Sleeper body = start(JobOptions.named("j"));
    assertThatThrownBy(() -> start(JobOptions.named("j"))).hasMessage("Job ID 'j' already in use");
    assertThatThrownBy(() -> start(JobOptions.named("1"))).hasMessage("Invalid job ID '1'");
    assertThatThrownBy(() -> start(JobOptions.named(""))).hasMessage("Invalid job ID ''");
    body.finish();
    awaitStatus(body.job, JobStatus.NULL);
  }

  @Test
  void internalJobsAreSilent() throws Exception {
    Sleeper body = start(JobOptions.internal());
    body.finish();
    awaitStatus(body.job, JobStatus.NULL);
    assertThat(states).isEmpty();
  }

  @Test
  void theEndOfTheServerEndsEveryJob() throws Exception {
    Sleeper one = start(new JobOptions("one", false, false, null));
    one.finish();
    awaitStatus(one.job, JobStatus.PENDING);
    Sleeper two = start(JobOptions.named("two"));
    on(two.job::pause);
    on(jobs::cancelAll);
    assertThat(jobs.all()).isEmpty();
    assertThat(one.job.status()).isEqualTo(JobStatus.NULL);
    assertThat(two.job.status()).isEqualTo(JobStatus.NULL);
  }

  @Test
  void aSleepEndsWithTheClock() throws Exception {
    Sleeper body = start(JobOptions.named("j"));
    body.end = true;
    assertThat(body.job.status()).isEqualTo(JobStatus.RUNNING);
    await(() -> clock.waiting() == 1);
    clock.advance(1_000_000_000);
    awaitStatus(body.job, JobStatus.NULL);
  }
}
