// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.BitmapMode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.IoStatus;
import org.qblockd.blockjob.MemoryDisk;
import org.qblockd.blockjob.OnError;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.World;
import org.qblockd.job.JobStatus;
import org.qblockd.job.JobTransaction;

/** The life of a backup; orders of events and sentences as QEMU 10.0.2 gives them. */
@Timeout(60)
class BackupTest {
  private static final int LENGTH = 4 << 20;
  private static final int CLUSTER = 64 << 10;

  private final World world = new World();
  private final MemoryDisk sourceDisk = new MemoryDisk(LENGTH, CLUSTER);
  private final MemoryDisk targetDisk = new MemoryDisk(LENGTH, CLUSTER);
  private final BlockNode source;
  private final BlockNode target;
  private final BlockBackend drive;

  BackupTest() throws BlockException {
    sourceDisk.fill(0, LENGTH, 1);
    source = world.node("s", sourceDisk, null);
    target = world.node("t", targetDisk, null);
    drive = world.drive("d0", source);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private BackupOptions.Builder backup(SyncMode mode) {
    return BackupOptions.of(source, target, mode).jobId("b");
  }

  private BlockJob start(BackupOptions.Builder options) throws BlockException {
    return world.get(() -> BackupJob.start(world.context, options.build()));
  }

  private void write(int offset, int length, int value) throws BlockException {
    byte[] data = new byte[length];
    java.util.Arrays.fill(data, (byte) value);
    drive.write(offset, ByteBuffer.wrap(data), 0);
  }

  @Test
  void copiesAll() throws Exception {
    BlockJob job = start(backup(SyncMode.FULL));
    world.await(job, JobStatus.NULL);
    assertThat(targetDisk.content()).isEqualTo(sourceDisk.content());
    assertThat(world.events())
        .containsExactly(
            "status b created",
            "status b running",
            "status b paused",
            "status b running",
            "status b waiting",
            "status b pending",
            "completed b",
            "status b concluded",
            "status b null");
    assertThat(drive.node()).isSameAs(source);
    assertThat(world.graph.nodes()).containsExactly(source, target);
    assertThat(job.progress().snapshot().current()).isEqualTo(LENGTH);
    assertThat(job.progress().snapshot().total()).isEqualTo(LENGTH);
  }

  @Test
  void modeNoneSavesWhatIsOverwrittenOnce() throws Exception {
    BlockJob job = start(backup(SyncMode.NONE));
    assertThat(drive.node().driver()).isEqualTo("copy-before-write");
    assertThat(drive.node().implicit()).isFalse();
    write(CLUSTER + 100, 200, 5);
    write(CLUSTER, 50, 6);
    assertThat(targetDisk.content()[CLUSTER]).isEqualTo((byte) 1);
    assertThat(targetDisk.content()[CLUSTER + 150]).isEqualTo((byte) 1);
    assertThat(targetDisk.allocated(0)).isFalse();
    assertThat(job.progress().snapshot().current()).isEqualTo(CLUSTER);
    assertThat(job.progress().snapshot().total()).isEqualTo(LENGTH);
    world.on(() -> {
      job.cancel(true);
      assertThat(job.status()).isEqualTo(JobStatus.NULL);
    });
    assertThat(world.events())
        .endsWith(
            "status b running",
            "status b aborting",
            "cancelled b",
            "status b concluded",
            "status b null");
    assertThat(drive.node()).isSameAs(source);
    assertThat(sourceDisk.content()[CLUSTER]).isEqualTo((byte) 6);
  }

  @Test
  void aWriteFailsWhenTheOldContentCannotBeSaved() throws Exception {
    BlockJob job = start(backup(SyncMode.NONE));
    targetDisk.hook((operation, offset, bytes) -> {
      throw BlockException.io(Errno.ENOSPC);
    });
    assertThatThrownBy(() -> write(0, 512, 5)).hasMessage("No space left on device");
    assertThat(sourceDisk.content()[0]).isEqualTo((byte) 1);
    assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    world.on(world.jobs::cancelAll);
  }

  @Test
  void errorStopsAndResumeGoesOn() throws Exception {
    AtomicInteger left = new AtomicInteger(1);
    targetDisk.hook((operation, offset, bytes) -> {
      if (operation.equals("write") && left.getAndDecrement() > 0) {
        throw BlockException.io(Errno.ENOSPC);
      }
    });
    BlockJob job = start(backup(SyncMode.FULL).onError(OnError.REPORT, OnError.STOP));
    world.awaitEvent("error b write STOP");
    world.await(job, JobStatus.PAUSED);
    assertThat(job.ioStatus()).isEqualTo(IoStatus.NOSPACE);
    world.on(job::resume);
    world.await(job, JobStatus.NULL);
    assertThat(targetDisk.content()).isEqualTo(sourceDisk.content());
  }

  @Test
  void errorsAreReportedOnce() throws Exception {
    sourceDisk.hook((operation, offset, bytes) -> {
      if (operation.equals("read")) {
        throw BlockException.io(Errno.EIO);
      }
    });
    BlockJob job = start(backup(SyncMode.FULL));
    world.await(job, JobStatus.NULL);
    assertThat(world.events()).filteredOn("error b read REPORT"::equals).hasSize(1);
    assertThat(world.events()).contains("completed b Input/output error");
  }

  @Test
  void modeTopCopiesOnlyTheTopImage() throws Exception {
    MemoryDisk overDisk = new MemoryDisk(LENGTH, CLUSTER);
    MemoryDisk baseDisk = new MemoryDisk(LENGTH, CLUSTER);
    baseDisk.fill(0, LENGTH, 1);
    BlockNode over = world.node("over", overDisk, world.node("base", baseDisk, null));
    overDisk.fill(CLUSTER, 2 * CLUSTER, 3);
    BlockJob job = start(BackupOptions.of(over, target, SyncMode.TOP).jobId("b"));
    world.await(job, JobStatus.NULL);
    assertThat(targetDisk.allocated(0)).isFalse();
    assertThat(targetDisk.content()[CLUSTER]).isEqualTo((byte) 3);
    assertThat(targetDisk.allocated(3 * CLUSTER)).isFalse();
    assertThat(job.progress().snapshot().total()).isEqualTo(2 * CLUSTER);
    assertThat(world.graph.node("over")).isSameAs(over);
  }

  @Test
  void groupedBackupsEndTogether() throws Exception {
    MemoryDisk otherDisk = new MemoryDisk(LENGTH, CLUSTER);
    MemoryDisk otherTarget = new MemoryDisk(LENGTH, CLUSTER);
    BlockNode other = world.node("o", otherDisk, null);
    BlockNode copy = world.node("ot", otherTarget, null);
    JobTransaction group = new JobTransaction();
    BlockJob none = start(backup(SyncMode.NONE).transaction(group));
    BlockJob full =
        start(BackupOptions.of(other, copy, SyncMode.FULL).jobId("c").transaction(group));
    world.await(full, JobStatus.WAITING);
    world.on(() -> none.cancel(true));
    assertThat(world.events())
        .containsSubsequence(
            "status c waiting",
            "status b aborting",
            "status c aborting",
            "cancelled c",
            "status c concluded",
            "status c null",
            "cancelled b",
            "status b concluded",
            "status b null");
  }

  @Test
  void anotherJobOnTheDriveIsRefused() throws Exception {
    BlockJob job = start(backup(SyncMode.NONE));
    BlockNode top = drive.node();
    assertThatThrownBy(() -> start(BackupOptions.of(top, target, SyncMode.NONE).jobId("c")))
        .hasMessage("Node 'd0' is busy: block device is in use by block job: backup");
    assertThat(world.events())
        .endsWith("status b paused", "status b running", "status b paused", "status b running");
    assertThatThrownBy(() -> world.on(() -> job.change(org.qblockd.blockjob.CopyMode.BACKGROUND)))
        .hasMessage("Job type does not support change");
    world.on(world.jobs::cancelAll);
  }

  @Test
  void refusals() throws Exception {
    BlockNode small = world.node("small", new MemoryDisk(LENGTH / 2, CLUSTER), null);
    refused(
        BackupOptions.of(source, source, SyncMode.FULL), "Source and target cannot be the same");
    refused(
        BackupOptions.of(source, small, SyncMode.FULL),
        "Source and target image have different sizes");
    refused(backup(SyncMode.FULL).compress(true), "Compression is not supported for this drive ");
    refused(
        backup(SyncMode.FULL).performance(new BackupOptions.Performance(false, 0, 0, 0)),
        "max-workers must be between 1 and 2147483647");
    refused(
        backup(SyncMode.FULL).performance(new BackupOptions.Performance(false, 64, -1, 0)),
        "max-chunk must be zero (which means no limit) or positive");
    refused(
        backup(SyncMode.FULL).performance(new BackupOptions.Performance(false, 64, 4096, 0)),
        "Required max-chunk (4096) is less than backup cluster size (65536)");
    refused(
        backup(SyncMode.FULL).performance(new BackupOptions.Performance(false, 64, 0, 5000)),
        "Could not create node: Cannot create block-copy-state: min-cluster-size needs to be a"
            + " power of 2");
    refused(
        backup(SyncMode.FULL).filterNodeName("small"),
        "Could not create node: Duplicate nodes with node-name='small'");
    refused(backup(SyncMode.FULL).speed(-1), "Parameter 'speed' expects a non-negative value");
    refused(backup(SyncMode.BITMAP), "must provide a valid bitmap name for 'bitmap' sync mode");
    refused(backup(SyncMode.FULL).bitmap("x", null), "Bitmap 'x' could not be found");
    refused(
        backup(SyncMode.FULL).bitmap(null, BitmapMode.ALWAYS),
        "Cannot specify bitmap sync mode without a bitmap");
    assertThat(world.graph.nodes()).hasSize(3);
    assertThat(drive.node()).isSameAs(source);
    assertThat(world.events()).containsExactly("status b created", "status b null");
    write(0, 512, 4);
  }

  private void refused(BackupOptions.Builder options, String sentence) {
    assertThatThrownBy(() -> start(options))
        .isInstanceOf(BlockException.class)
        .hasMessage(sentence);
  }
}
