// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;
import org.qblockd.blockjob.BitmapMode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.MemoryDisk;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.World;
import org.qblockd.job.JobStatus;

/**
 * What becomes of the bitmap of a mirror: each dialect and mode, each way to end, both copy modes,
 * with a bitmap that records and one that does not; and a second mirror that goes on from the
 * bitmap after the first.
 */
@Timeout(60)
class MirrorBitmapTest {
  private static final int BLOCK = 64 << 10;
  private static final int BLOCKS = 32;
  private static final int LENGTH = BLOCKS * BLOCK;

  /** How bitmap, sync mode and bitmap mode are given. */
  enum Form {
    /** 2019: a copy of the bitmap. */
    INCREMENTAL(SyncMode.INCREMENTAL, null),
    NEVER(SyncMode.BITMAP, BitmapMode.NEVER),
    ON_SUCCESS(SyncMode.BITMAP, BitmapMode.ON_SUCCESS),
    INCREMENTAL_ON_SUCCESS(SyncMode.INCREMENTAL, BitmapMode.ON_SUCCESS),
    ALWAYS(SyncMode.BITMAP, BitmapMode.ALWAYS),
    /** 2024: the bitmap itself. */
    WORKING(SyncMode.FULL, null);

    private final SyncMode sync;
    private final @Nullable BitmapMode mode;

    Form(SyncMode sync, @Nullable BitmapMode mode) {
      this.sync = sync;
      this.mode = mode;
    }

    /** Whether the bitmap then says what the target lacks. */
    private boolean tells(boolean success) {
      return switch (this) {
        case INCREMENTAL, NEVER -> false;
        case ON_SUCCESS, INCREMENTAL_ON_SUCCESS -> success;
        case ALWAYS, WORKING -> true;
      };
    }
  }

  /** How the mirror ends. */
  enum End {
    COMPLETED,
    CANCELLED_WHEN_READY,
    FORCED_WHEN_READY,
    CANCELLED_BEFORE,
    TARGET_FAILS,
    SOURCE_FAILS,
    TARGET_FAILS_WHEN_READY;

    boolean succeeds() {
      return this == COMPLETED || this == CANCELLED_WHEN_READY;
    }

    boolean becomesReady() {
      return succeeds() || this == FORCED_WHEN_READY || this == TARGET_FAILS_WHEN_READY;
    }
  }

  /** One mirror. */
  record Case(Form form, End end, CopyMode copy, boolean recording) {}

  static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (Form form : Form.values()) {
      for (End end : End.values()) {
        addAll(all, form, end);
      }
    }
    return all;
  }

  private static void addAll(List<Case> all, Form form, End end) {
    for (CopyMode copy : CopyMode.values()) {
      all.add(new Case(form, end, copy, true));
      if (form != Form.WORKING) {
        all.add(new Case(form, end, copy, false));
      }
    }
  }

  private final MemoryDisk sourceDisk = new MemoryDisk(LENGTH, BLOCK);
  private final MemoryDisk targetDisk = new MemoryDisk(LENGTH, BLOCK);
  private final AtomicInteger failures = new AtomicInteger();

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhatItMust(Case one) throws Exception {
    try (World world = new World()) {
      new Run(world, one).run();
    }
  }

  private final class Run {
    private final World world;
    private final Case one;
    private final BlockNode source;
    private final BlockNode target;
    private final BlockBackend drive;
    private final DirtyBitmap bitmap;
    private final BitSet before = new BitSet();
    private final BitSet written = new BitSet();

    Run(World world, Case one) throws BlockException {
      this.world = world;
      this.one = one;
      sourceDisk.fill(0, LENGTH, 1);
      targetDisk.fill(0, LENGTH, 1);
      source = world.node("s", sourceDisk, null);
      target = world.node("t", targetDisk, null);
      drive = world.drive("d", source);
      bitmap = world.get(() -> DirtyBitmaps.create(source, "b", BLOCK));
      for (int block : List.of(2, 3, 9, 20)) {
        write(block, 2);
        before.set(block);
      }
      written.clear();
      bitmap.setEnabled(one.recording);
    }

    private void write(int block, int value) throws BlockException {
      byte[] data = new byte[BLOCK];
      Arrays.fill(data, (byte) value);
      drive.write((long) block * BLOCK, ByteBuffer.wrap(data), 0);
      written.set(block);
    }

    private BlockJob start(String id, long speed) throws BlockException {
      MirrorOptions.Builder options =
          MirrorOptions.of(source, target, one.form.sync)
              .jobId(id)
              .speed(speed)
              .copyMode(one.copy)
              .bitmap("b", one.form.mode);
      return world.get(() -> MirrorJob.start(world.context, options.build()));
    }

    void run() throws BlockException {
      switch (one.end) {
        case TARGET_FAILS -> failNext(targetDisk, "write");
        case SOURCE_FAILS -> failNext(sourceDisk, "read");
        default -> {}
      }
      BlockJob job = start("j", one.end == End.CANCELLED_BEFORE ? BLOCK : 0);
      if (one.end.becomesReady()) {
        world.on(() -> world.lane.pollWhile(() -> job.status() != JobStatus.READY));
        if (one.end == End.TARGET_FAILS_WHEN_READY) {
          failNext(targetDisk, "write");
        }
      }
      // A mirror that fails at once may have ended: then only a bitmap that records sees the write.
      if (one.recording || one.end.becomesReady() || one.end == End.CANCELLED_BEFORE) {
        write(12, 4);
      }
      end(job);
      world.await(job, JobStatus.NULL);
      assertThat(world.events().contains("completed j"))
          .as(world.events().toString())
          .isEqualTo(one.end.succeeds());
      check();
      if (one.end != End.COMPLETED) {
        goOn();
      }
    }

    private void end(BlockJob job) throws BlockException {
      switch (one.end) {
        case COMPLETED -> world.on(job::complete);
        case CANCELLED_WHEN_READY, CANCELLED_BEFORE -> world.on(() -> job.blockJobCancel(false));
        case FORCED_WHEN_READY -> world.on(() -> job.blockJobCancel(true));
        case TARGET_FAILS, SOURCE_FAILS, TARGET_FAILS_WHEN_READY -> {}
      }
    }

    private void failNext(MemoryDisk disk, String operation) {
      failures.set(1);
      disk.hook((asked, offset, bytes) -> {
        if (asked.equals(operation) && failures.getAndDecrement() > 0) {
          throw BlockException.io(Errno.EIO);
        }
      });
    }

    private void check() {
      BitSet now = new BitSet();
      BitSet lacking = new BitSet();
      for (int block = 0; block < BLOCKS; block++) {
        now.set(block, bitmap.isDirty((long) block * BLOCK));
        int at = block * BLOCK;
        lacking.set(
            block,
            !Arrays.equals(
                sourceDisk.content(), at, at + BLOCK, targetDisk.content(), at, at + BLOCK));
      }
      BitSet most = (BitSet) before.clone();
      most.or(written);
      if (one.form.tells(one.end.succeeds())) {
        lacking.andNot(now);
        assertThat(lacking)
            .as("what the target lacks and the bitmap does not know")
            .isEqualTo(new BitSet());
        now.andNot(most);
        assertThat(now).as("bits of what nobody wrote").isEqualTo(new BitSet());
      } else {
        assertThat(now).isEqualTo(one.recording ? most : before);
      }
      assertThat(bitmap.busy()).isFalse();
      assertThat(bitmap.enabled()).isEqualTo(one.recording);
      if (one.end.succeeds() && one.form.tells(true)) {
        assertThat(bitmap.dirtyBytes()).isZero();
      }
    }

    /** The bitmap says enough for a second mirror, unless it did not record. */
    private void goOn() throws BlockException {
      boolean enough = one.recording || one.form.tells(one.end.succeeds());
      sourceDisk.hook((asked, offset, bytes) -> {});
      targetDisk.hook((asked, offset, bytes) -> {});
      BlockJob job = start("k", 0);
      world.on(() -> world.lane.pollWhile(() -> job.status() != JobStatus.READY));
      world.on(() -> job.blockJobCancel(false));
      world.await(job, JobStatus.NULL);
      assertThat(world.events()).contains("completed k");
      if (enough) {
        assertThat(targetDisk.content()).isEqualTo(sourceDisk.content());
      }
    }
  }
}
