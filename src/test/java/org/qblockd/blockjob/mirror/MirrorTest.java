// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.IoStatus;
import org.qblockd.blockjob.MemoryDisk;
import org.qblockd.blockjob.OnError;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.World;
import org.qblockd.job.JobStatus;

/** The life of a mirror; orders of events and sentences as QEMU 10.0.2 gives them. */
@Timeout(60)
class MirrorTest {
  private static final int LENGTH = 4 << 20;
  private static final int CLUSTER = 64 << 10;

  private final World world = new World();
  private final MemoryDisk sourceDisk = new MemoryDisk(LENGTH, CLUSTER);
  private final MemoryDisk targetDisk = new MemoryDisk(LENGTH, CLUSTER);
  private final BlockNode source;
  private final BlockNode target;
  private final BlockBackend drive;

  MirrorTest() throws BlockException {
    sourceDisk.fill(0, LENGTH, 1);
    source = world.node("s", sourceDisk, null);
    target = world.node("t", targetDisk, null);
    drive = world.drive("d0", source);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private MirrorOptions.Builder full() {
    return MirrorOptions.of(source, target, SyncMode.FULL).jobId("j");
  }

  private BlockJob start(MirrorOptions.Builder options) throws BlockException {
    return world.get(() -> MirrorJob.start(world.context, options.build()));
  }

  private void write(int offset, int length, int value) throws BlockException {
    byte[] data = new byte[length];
    java.util.Arrays.fill(data, (byte) value);
    drive.write(offset, ByteBuffer.wrap(data), 0);
  }

  @Test
  void completesWithPivot() throws Exception {
    BlockJob job = start(full());
    world.awaitEvent("ready j 4194304/4194304");
    assertThat(drive.node().driver()).isEqualTo("mirror_top");
    assertThat(drive.node().implicit()).isTrue();
    write(0, 4096, 7);
    world.on(job::complete);
    world.await(job, JobStatus.NULL);
    assertThat(drive.node()).isSameAs(target);
    assertThat(targetDisk.content()).isEqualTo(sourceDisk.content());
    assertThat(world.graph.nodes()).containsExactly(source, target);
    assertThat(world.graph.backends()).containsExactly(drive);
    assertThat(source.parents()).isEmpty();
    assertThat(world.events())
        .containsExactly(
            "status j created",
            "status j running",
            "status j ready",
            "ready j 4194304/4194304",
            "status j waiting",
            "status j pending",
            "completed j",
            "status j concluded",
            "status j null");
    write(0, 4096, 8);
    assertThat(targetDisk.content()[0]).isEqualTo((byte) 8);
    assertThat(sourceDisk.content()[0]).isEqualTo((byte) 7);
  }

  @Test
  void cancelAfterReadyKeepsTheSource() throws Exception {
    BlockJob job = start(full().filterNodeName("flt"));
    world.awaitEvent("ready j 4194304/4194304");
    assertThat(drive.node().name()).isEqualTo("flt");
    world.on(() -> job.blockJobCancel(false));
    world.await(job, JobStatus.NULL);
    assertThat(drive.node()).isSameAs(source);
    assertThat(world.events()).contains("completed j").doesNotContain("cancelled j");
    assertThat(world.graph.node("flt")).isNull();
    write(0, 512, 9);
  }

  @Test
  void forcedCancelAfterReady() throws Exception {
    BlockJob job = start(full());
    world.awaitEvent("ready j 4194304/4194304");
    world.on(() -> job.blockJobCancel(true));
    world.await(job, JobStatus.NULL);
    assertThat(world.events()).containsSubsequence("status j aborting", "cancelled j");
    assertThat(drive.node()).isSameAs(source);
  }

  @Test
  void cancelBeforeReady() throws Exception {
    BlockJob job = start(full().speed(65536));
    assertThatThrownBy(() -> world.on(job::complete))
        .hasMessage("Job 'j' in state 'running' cannot accept command verb 'complete'");
    world.on(() -> job.blockJobCancel(false));
    world.await(job, JobStatus.NULL);
    assertThat(world.events())
        .containsExactly(
            "status j created",
            "status j running",
            "status j aborting",
            "cancelled j",
            "status j concluded",
            "status j null");
    assertThat(drive.node()).isSameAs(source);
  }

  @Test
  void targetErrorStopsAndResumeTriesAgain() throws Exception {
    AtomicInteger left = new AtomicInteger(1);
    targetDisk.hook((operation, offset, bytes) -> {
      if (operation.equals("write") && left.getAndDecrement() > 0) {
        throw BlockException.io(Errno.ENOSPC);
      }
    });
    BlockJob job = start(full().onError(OnError.REPORT, OnError.ENOSPC));
    world.awaitEvent("status j paused");
    assertThat(job.ioStatus()).isEqualTo(IoStatus.NOSPACE);
    assertThat(world.events()).contains("error j write STOP");
    assertThatThrownBy(() -> world.on(() -> job.blockJobCancel(false)))
        .hasMessage("The block job for device 'j' is currently paused");
    world.on(job::resume);
    world.awaitEvent("ready j 4194304/4194304");
    assertThat(job.ioStatus()).isEqualTo(IoStatus.OK);
    assertThat(targetDisk.content()).isEqualTo(sourceDisk.content());
    world.on(world.jobs::cancelAll);
  }

  @Test
  void sourceErrorIsReported() throws Exception {
    sourceDisk.hook((operation, offset, bytes) -> {
      if (operation.equals("read") && offset == 1 << 20) {
        throw BlockException.io(Errno.EIO);
      }
    });
    BlockJob job = start(full());
    world.await(job, JobStatus.NULL);
    assertThat(world.events())
        .containsSubsequence(
            "error j read REPORT",
            "status j aborting",
            "completed j Input/output error",
            "status j concluded");
    assertThat(drive.node()).isSameAs(source);
  }

  @Test
  void ignoredErrorsAreTriedAgain() throws Exception {
    AtomicInteger left = new AtomicInteger(3);
    targetDisk.hook((operation, offset, bytes) -> {
      if (operation.equals("write") && left.getAndDecrement() > 0) {
        throw BlockException.io(Errno.EIO);
      }
    });
    BlockJob job = start(full().onError(OnError.REPORT, OnError.IGNORE));
    world.awaitEvent("status j ready");
    assertThat(targetDisk.content()).isEqualTo(sourceDisk.content());
    world.on(() -> job.cancel(true));
    world.await(job, JobStatus.NULL);
    assertThat(world.events()).filteredOn("error j write IGNORE"::equals).hasSize(3);
  }

  @Test
  void activeWritesReachTheTargetFirst() throws Exception {
    BlockJob job = start(full().copyMode(CopyMode.WRITE_BLOCKING));
    world.awaitEvent("ready j 4194304/4194304");
    write(70_000, 3000, 5);
    assertThat(targetDisk.content()[70_000]).isEqualTo((byte) 5);
    assertThatThrownBy(() -> world.on(() -> job.change(CopyMode.BACKGROUND)))
        .hasMessage("Change to copy mode 'background' is not implemented");
    world.on(job::complete);
    world.await(job, JobStatus.NULL);
    assertThat(targetDisk.content()).isEqualTo(sourceDisk.content());
  }

  @Test
  void modeNoneCopiesWhatIsWritten() throws Exception {
    BlockJob job = start(MirrorOptions.of(source, target, SyncMode.NONE).jobId("j"));
    world.awaitEvent("ready j 0/0");
    write(CLUSTER, CLUSTER, 5);
    world.on(() -> job.blockJobCancel(false));
    world.await(job, JobStatus.NULL);
    assertThat(targetDisk.allocated(CLUSTER)).isTrue();
    assertThat(targetDisk.allocated(0)).isFalse();
  }

  @Test
  void modeTopCopiesOnlyTheTopImage() throws Exception {
    MemoryDisk overDisk = new MemoryDisk(LENGTH, CLUSTER);
    BlockNode over = world.node("over", overDisk, source);
    BlockBackend second = world.drive("d1", over);
    overDisk.fill(CLUSTER, 2 * CLUSTER, 3);
    BlockJob job =
        start(
            MirrorOptions.of(over, target, SyncMode.TOP)
                .backing(BackingMode.SOURCE_CHAIN, image -> {}));
    assertThat(job.id()).isEqualTo("d1");
    world.awaitEvent("ready d1 131072/131072");
    world.on(job::complete);
    world.await(job, JobStatus.NULL);
    assertThat(second.node()).isSameAs(target);
    assertThat(target.backing().node()).isSameAs(source);
    assertThat(targetDisk.allocated(0)).isFalse();
    byte[] seen = new byte[LENGTH];
    second.read(0, ByteBuffer.wrap(seen), 0);
    assertThat(seen[0]).isEqualTo((byte) 1);
    assertThat(seen[CLUSTER]).isEqualTo((byte) 3);
  }

  @Test
  void drainPausesAReadyMirror() throws Exception {
    BlockJob job = start(full());
    world.awaitEvent("ready j 4194304/4194304");
    world.on(() -> world.graph.drained(source, () -> assertThat(job.status()).isNotNull()));
    assertThat(world.events()).endsWith("status j standby", "status j ready");
    world.on(world.jobs::cancelAll);
  }

  @Test
  void drainWaitsForACopyUnderWay() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    targetDisk.hook((operation, offset, bytes) -> {
      if (operation.equals("write") && offset == 0) {
        reached.countDown();
        uninterruptibly(go);
      }
    });
    BlockJob job = start(full());
    reached.await();
    Thread releaser = Thread.ofVirtual().start(go::countDown);
    world.on(() ->
        world.graph.drained(
            source, () -> assertThat(job.busy()).as("at work in a drain").isFalse()));
    releaser.join();
    world.awaitEvent("ready j 4194304/4194304");
    world.on(world.jobs::cancelAll);
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void pendingKeepsWritesAwayUntilFinalize() throws Exception {
    BlockJob job = start(full().auto(false, false));
    world.awaitEvent("ready j 4194304/4194304");
    world.on(job::complete);
    world.await(job, JobStatus.PENDING);
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                write(0, 512, 6);
              } catch (BlockException failed) {
                throw new IllegalStateException(failed);
              }
            });
    world.on(job::finalizeJob);
    writer.join();
    assertThat(targetDisk.content()[0]).isEqualTo((byte) 6);
    assertThat(sourceDisk.content()[0]).isEqualTo((byte) 1);
    assertThat(job.status()).isEqualTo(JobStatus.CONCLUDED);
    world.on(job::dismiss);
  }

  @Test
  void refusals() throws Exception {
    MemoryDisk smallDisk = new MemoryDisk(LENGTH / 2, CLUSTER);
    BlockNode small = world.node("small", smallDisk, null);
    refused(
        full().granularity(256), "Parameter 'granularity' expects a value in range [512B, 64MB]");
    refused(full().granularity(12345), "Parameter 'granularity' expects a power of 2");
    refused(full().bufSize(-1), "Invalid parameter 'buf-size'");
    refused(full().speed(-1), "Parameter 'speed' expects a non-negative value");
    refused(full().jobId("1x"), "Invalid job ID '1x'");
    refused(full().filterNodeName("0bad"), "Invalid node-name: '0bad'");
    refused(full().replaces("nope"), "Failed to find node with node-name='nope'");
    refused(
        full().replaces("t"),
        "Cannot replace 't' by a node mirrored from 's', because it cannot be guaranteed that doing"
            + " so would not lead to an abrupt change of visible data");
    refused(
        MirrorOptions.of(source, source, SyncMode.FULL).jobId("j"),
        "Can't mirror node into itself");
    refused(
        MirrorOptions.of(source, target, SyncMode.INCREMENTAL).jobId("j"),
        "incremental mode must specify the bitmap name");
    assertThat(drive.node()).isSameAs(source);
    assertThat(world.graph.nodes()).hasSize(3);
    assertThat(world.graph.backends()).hasSize(1);
    BlockJob job = start(MirrorOptions.of(source, small, SyncMode.FULL).jobId("j"));
    world.await(job, JobStatus.NULL);
    assertThat(world.events()).contains("completed j Source and target image have different sizes");
  }

  private void refused(MirrorOptions.Builder options, String sentence) {
    assertThatThrownBy(() -> start(options))
        .isInstanceOf(BlockException.class)
        .hasMessage(sentence);
  }

  @Test
  void aNodeInUseIsBlocked() throws Exception {
    BlockJob job = start(full());
    assertThatThrownBy(() -> start(full().jobId("k")))
        .hasMessageEndingWith("is busy: block device is in use by block job: mirror");
    world.on(() -> job.cancelSync(true));
  }

  @Test
  void speedHoldsTheMirrorBack() throws Exception {
    BlockJob job = start(full().speed(1 << 20).bufSize(1 << 20));
    world.on(() -> assertThat(job.ready()).isFalse());
    world.on(() -> job.setSpeed(0));
    world.awaitEvent("ready j 4194304/4194304");
    world.on(world.jobs::cancelAll);
  }
}
