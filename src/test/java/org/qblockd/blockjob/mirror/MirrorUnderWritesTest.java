// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

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
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.MemoryDisk;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.World;
import org.qblockd.blockjob.Writers;
import org.qblockd.job.JobStatus;

/**
 * Random writers while a disk with a backing file is mirrored in every mode; in the end the target
 * shows what the source showed. A failure names its seed.
 */
@Timeout(300)
class MirrorUnderWritesTest {
  private static final int LENGTH = (1 << 20) + 4096;
  private static final int CLUSTER = 64 << 10;
  private static final int ROUNDS = 40;

  @ParameterizedTest
  @EnumSource(
      value = SyncMode.class,
      names = {"FULL", "TOP", "NONE"})
  void targetShowsWhatTheSourceShowed(SyncMode mode) throws Exception {
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
      MemoryDisk targetDisk = target(mode, random);
      BlockNode target = world.node("target", targetDisk, null);
      BlockBackend drive = world.drive("d0", top);
      Writers writers = new Writers(drive, LENGTH, seed, 3);
      writers.awaitWrites(random.nextInt(20));
      BlockJob job = start(world, mode, top, target, random);
      world.await(job, JobStatus.READY);
      if (random.nextBoolean()) {
        world.on(() -> job.change(CopyMode.WRITE_BLOCKING));
      }
      writers.awaitWrites(40 + random.nextInt(40));
      boolean pivot = random.nextInt(3) > 0;
      world.on(() -> end(job, pivot));
      world.await(job, JobStatus.PENDING);
      world.on(() -> compare(mode, base, top, targetDisk));
      world.on(job::finalizeJob);
      world.await(job, JobStatus.NULL);
      writers.awaitWrites(100);
      writers.stop();
      assertThat(drive.node()).isSameAs(pivot ? target : top);
      assertThat(world.events()).contains("completed d0");
      assertThat(world.graph.nodes()).hasSize(3);
    }
  }

  private static void end(BlockJob job, boolean pivot) throws BlockException {
    if (pivot) {
      job.complete();
    } else {
      job.blockJobCancel(false);
    }
  }

  private static BlockJob start(
      World world, SyncMode mode, BlockNode top, BlockNode target, Random random) throws Exception {
    MirrorOptions.Builder options =
        MirrorOptions.of(top, target, mode)
            .granularity(512L << random.nextInt(9))
            .copyMode(random.nextBoolean() ? CopyMode.BACKGROUND : CopyMode.WRITE_BLOCKING)
            .zeroTarget(mode == SyncMode.FULL)
            .auto(false, true)
            .backing(BackingMode.SOURCE_CHAIN, image -> {});
    return world.get(() -> MirrorJob.start(world.context, options.build()));
  }

  private static MemoryDisk target(SyncMode mode, Random random) {
    MemoryDisk disk = new MemoryDisk(LENGTH, 16384 << random.nextInt(4));
    if (mode == SyncMode.FULL) {
      fill(disk, random);
    } else {
      disk.nameBacking("base");
    }
    return disk;
  }

  private static void fill(MemoryDisk disk, Random random) {
    for (int i = 0; i < 12; i++) {
      int at = random.nextInt(LENGTH / CLUSTER) * CLUSTER;
      disk.fill(at, CLUSTER, 1 + random.nextInt(255));
    }
  }

  /** Where the target has nothing, its backing chain to be shows. */
  private static void compare(SyncMode mode, BlockNode base, BlockNode top, MemoryDisk targetDisk)
      throws BlockException {
    byte[] expected = view(top);
    byte[] below = mode == SyncMode.TOP ? view(base) : new byte[LENGTH];
    byte[] seen = mode == SyncMode.NONE ? expected.clone() : below;
    int step = 4096;
    for (int at = 0; at < LENGTH; at += step) {
      if (targetDisk.allocated(at)) {
        System.arraycopy(targetDisk.content(), at, seen, at, step);
      }
    }
    assertThat(Arrays.mismatch(expected, seen)).as("first difference").isEqualTo(-1);
  }

  private static byte[] view(BlockNode node) throws BlockException {
    byte[] bytes = new byte[LENGTH];
    node.read(0, ByteBuffer.wrap(bytes), 0);
    return bytes;
  }
}
