// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.MemoryDisk;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.World;
import org.qblockd.blockjob.Writers;
import org.qblockd.job.JobStatus;

/**
 * Random writers while a disk with a backing file is backed up in every mode: the target shows the
 * moment of the start. A failure names its seed.
 */
@Timeout(300)
class BackupUnderWritesTest {
  private static final int LENGTH = (1 << 20) + 4096;
  private static final int CLUSTER = 64 << 10;
  private static final int ROUNDS = 60;

  @ParameterizedTest
  @EnumSource(
      value = SyncMode.class,
      names = {"FULL", "TOP", "NONE"})
  void targetShowsTheMomentOfTheStart(SyncMode mode) throws Exception {
    for (long seed = 1; seed <= ROUNDS; seed++) {
      try {
        round(mode, seed);
      } catch (AssertionError wrong) {
        throw new AssertionError("seed " + seed, wrong);
      }
    }
  }

  private void round(SyncMode mode, long seed) throws Exception {
    Random random = new Random(seed);
    try (World world = new World()) {
      MemoryDisk baseDisk = new MemoryDisk(LENGTH, CLUSTER);
      MemoryDisk topDisk = new MemoryDisk(LENGTH, CLUSTER);
      fill(baseDisk, random);
      fill(topDisk, random);
      BlockNode base = world.node("base", baseDisk, null);
      BlockNode top = world.node("top", topDisk, base);
      MemoryDisk targetDisk = new MemoryDisk(LENGTH, 16384 << random.nextInt(4));
      BlockNode target = world.node("target", targetDisk, null);
      BlockBackend drive = world.drive("d0", top);
      Writers writers = new Writers(drive, LENGTH, seed, 3);
      writers.awaitWrites(random.nextInt(20));
      byte[][] moment = new byte[1][];
      BlockJob job = world.get(() -> startAt(world, mode, top, target, moment));
      writers.awaitWrites(60 + random.nextInt(40));
      byte[] below = new byte[LENGTH];
      if (mode == SyncMode.NONE) {
        below = world.get(() -> viewAtCancel(world, job, top));
      } else if (mode == SyncMode.TOP) {
        below = view(base);
      }
      world.await(job, JobStatus.NULL);
      writers.stop();
      compare(moment[0], below, targetDisk);
      assertThat(drive.node()).isSameAs(top);
      assertThat(world.graph.nodes()).hasSize(3);
    }
  }

  /** The content is read in the same drain in which the backup starts. */
  private static BlockJob startAt(
      World world, SyncMode mode, BlockNode top, BlockNode target, byte[][] moment)
      throws BlockException {
    return world.graph.drained(
        top,
        () -> {
          moment[0] = view(top);
          return BackupJob.start(
              world.context, BackupOptions.of(top, target, mode).jobId("b").build());
        });
  }

  /** In mode none what was not saved is still as it was, until the backup ends. */
  private static byte[] viewAtCancel(World world, BlockJob job, BlockNode top)
      throws BlockException {
    return world.graph.drained(
        top,
        () -> {
          byte[] seen = view(top);
          job.cancel(true);
          return seen;
        });
  }

  /** Where the target has nothing, {@code seen} shows. */
  private static void compare(byte[] expected, byte[] seen, MemoryDisk targetDisk) {
    int step = 4096;
    for (int at = 0; at < LENGTH; at += step) {
      if (targetDisk.allocated(at)) {
        System.arraycopy(targetDisk.content(), at, seen, at, step);
      }
    }
    assertThat(Arrays.mismatch(expected, seen)).as("first difference").isEqualTo(-1);
  }

  private static void fill(MemoryDisk disk, Random random) {
    for (int i = 0; i < 12; i++) {
      int at = random.nextInt(LENGTH / CLUSTER) * CLUSTER;
      disk.fill(at, CLUSTER, 1 + random.nextInt(255));
    }
  }

  private static byte[] view(BlockNode node) throws BlockException {
    byte[] bytes = new byte[LENGTH];
    node.read(0, ByteBuffer.wrap(bytes), 0);
    return bytes;
  }
}
