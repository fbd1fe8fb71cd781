// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DirtyBitmapTest {
  private static final long GRANULARITY = 65536;

  @Test
  void countsWholeGranules() {
    DirtyBitmap bitmap = new DirtyBitmap("b", GRANULARITY, 10 * GRANULARITY);
    bitmap.mark(GRANULARITY - 1, 2);
    assertThat(bitmap.dirtyBytes()).isEqualTo(2 * GRANULARITY);
    assertThat(bitmap.nextDirty(0)).isZero();
    assertThat(bitmap.dirtyRun(0, Long.MAX_VALUE)).isEqualTo(2 * GRANULARITY);
  }

  @Test
  void disabledRecordsNothing() {
    DirtyBitmap bitmap = new DirtyBitmap("b", GRANULARITY, 10 * GRANULARITY);
    bitmap.setEnabled(false);
    bitmap.mark(0, 1);
    assertThat(bitmap.dirtyBytes()).isZero();
  }

  @Test
  void shrinkingDropsWhatIsBeyondTheEnd() {
    DirtyBitmap bitmap = new DirtyBitmap("b", GRANULARITY, 100 * GRANULARITY);
    bitmap.mark(0, 100 * GRANULARITY);
    bitmap.resize(3 * GRANULARITY + 1);
    bitmap.resize(100 * GRANULARITY);
    assertThat(bitmap.dirtyBytes()).isEqualTo(4 * GRANULARITY);
    assertThat(bitmap.nextDirty(4 * GRANULARITY)).isEqualTo(-1);
  }

  @Test
  void agreesWithAModel() {
    long seed = 20261120;
    Random random = new Random(seed);
    int granules = 20_000;
    DirtyBitmap bitmap = new DirtyBitmap(null, 512, granules * 512L - 100);
    BitSet model = new BitSet();
    for (int step = 0; step < 3000; step++) {
      long offset = random.nextInt(granules) * 512L + random.nextInt(400);
      long bytes = 1L + random.nextInt(random.nextInt(20) == 0 ? 2_000_000 : 3000);
      int first = Math.toIntExact(offset / 512);
      int end = (int) Math.min((offset + bytes - 1) / 512 + 1, granules);
      if (random.nextBoolean()) {
        bitmap.mark(offset, bytes);
        model.set(first, Math.max(first, end));
      } else {
        bitmap.clear(offset, bytes);
        model.clear(first, Math.max(first, end));
      }
      int from = random.nextInt(granules);
      int next = model.nextSetBit(from);
      assertThat(bitmap.nextDirty(from * 512L))
          .as("seed %d", seed)
          .isEqualTo(next < 0 ? -1 : next * 512L);
      assertThat(bitmap.dirtyBytes()).isEqualTo(model.cardinality() * 512L);
      assertThat(bitmap.isDirty(from * 512L)).isEqualTo(model.get(from));
    }
  }

  @Test
  void mergesOverGranularities() {
    DirtyBitmap fine = new DirtyBitmap("fine", 512, 10 * GRANULARITY);
    DirtyBitmap coarse = new DirtyBitmap("coarse", GRANULARITY, 10 * GRANULARITY);
    fine.mark(GRANULARITY + 512, 512);
    coarse.merge(fine);
    assertThat(coarse.dirtyBytes()).isEqualTo(GRANULARITY);
    assertThat(coarse.isDirty(GRANULARITY)).isTrue();
    fine.merge(coarse);
    assertThat(fine.dirtyBytes()).isEqualTo(GRANULARITY);
  }

  @Test
  void restoresBits() {
    DirtyBitmap bitmap = new DirtyBitmap("b", 512, 1 << 20);
    bitmap.mark(100_000, 5000);
    long[] bits = bitmap.bits();
    long dirty = bitmap.dirtyBytes();
    bitmap.clearAll();
    assertThat(bitmap.nextDirty(0)).isEqualTo(-1);
    bitmap.restore(bits);
    assertThat(bitmap.dirtyBytes()).isEqualTo(dirty);
    assertThat(bitmap.nextDirty(0)).isEqualTo(100_000 / 512 * 512);
  }
}
