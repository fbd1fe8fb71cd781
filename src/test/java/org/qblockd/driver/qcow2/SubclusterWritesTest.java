// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.RequestFlags;

/** Random requests to images with subclusters and data files, against a byte array. */
class SubclusterWritesTest {
  private static final int STEPS = 200;
  private static final int SIZE = 2_000_000 & -512;

  @ParameterizedTest
  @CsvSource({
    "true,16384,none,1",
    "true,65536,none,2",
    "true,131072,none,3",
    "false,65536,plain,4",
    "false,4096,raw,5",
    "true,16384,plain,6",
    "true,65536,raw,7"
  })
  void likeAnArray(boolean extended, int clusterSize, String dataFile, long seed)
      throws BlockException {
    Random random = new Random(seed);
    MemoryImage file = new MemoryImage();
    MemoryImage apart = new MemoryImage();
    boolean raw = dataFile.equals("raw");
    boolean external = !dataFile.equals("none");
    Qcow2Creator.Options options =
        Qcow2Creator.Options.of(SIZE).withLayout(3, clusterSize, 16).withFeatures(extended, raw);
    Qcow2Creator.@Nullable DataFile named =
        external ? new Qcow2Creator.DataFile(apart, "data") : null;
    Qcow2Creator.write(file, named, null, options);
    GuestData data =
        external ? new GuestData(apart, true, raw, null, false) : GuestData.inImage(file);
    byte[] model = new byte[SIZE];
    BackingSource backing = BackingSource.NONE;
    if (!raw) {
      byte[] below = new byte[SIZE / 2];
      random.nextBytes(below);
      backing = new BytesBacking(below);
      System.arraycopy(below, 0, model, 0, below.length);
    }
    Qcow2Image image = open(data, file, backing);
    for (int step = 0; step < STEPS; step++) {
      // As in the reference, a discard that is not passed on leaves old bytes in a raw data file.
      step(random, image, model, clusterSize, raw ? 9 : 10);
    }
    compare(image, model);
    image.close();
    compare(open(data, file, backing), model);
    if (raw) {
      ByteBuffer seen = ByteBuffer.allocate(SIZE);
      apart.read(0, seen);
      assertThat(Arrays.mismatch(seen.array(), model)).isEqualTo(-1);
    }
  }

  private static Qcow2Image open(GuestData data, MemoryImage file, BackingSource backing)
      throws BlockException {
    return Qcow2Image.open(data, file, backing, OpenOptions.DEFAULT, CorruptionListener.SILENT);
  }

  private static void step(
      Random random, Qcow2Image image, byte[] model, int clusterSize, int kinds)
      throws BlockException {
    int offset = random.nextInt(model.length);
    int bytes = 1 + random.nextInt(Math.min(model.length - offset, 3 * clusterSize));
    int kind = random.nextInt(kinds);
    if (kind < 6) {
      byte[] content = new byte[bytes];
      random.nextBytes(content);
      image.write(offset, ByteBuffer.wrap(content));
      System.arraycopy(content, 0, model, offset, bytes);
      return;
    }
    int unit = kind < 9 ? image.geometry().subclusterSize() : clusterSize;
    int start = offset / unit * unit;
    int end = Math.min(start + (1 + random.nextInt(40)) * unit, model.length);
    if (kind == 9) {
      image.discard(start, end - start);
    } else if (!zero(image, start, end, kind == 8 ? RequestFlags.MAY_UNMAP : 0)) {
      return;
    }
    Arrays.fill(model, start, end, (byte) 0);
  }

  private static boolean zero(Qcow2Image image, int start, int end, int flags)
      throws BlockException {
    try {
      image.writeZeroes(start, end - start, flags);
      return true;
    } catch (BlockException refused) {
      assertThat(refused.errno()).isEqualTo(Errno.ENOTSUP);
      return false;
    }
  }

  private static void compare(Qcow2Image image, byte[] model) throws BlockException {
    ByteBuffer seen = ByteBuffer.allocate(model.length);
    image.read(0, seen);
    assertThat(Arrays.mismatch(seen.array(), model)).isEqualTo(-1);
  }
}
