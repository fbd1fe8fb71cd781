// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.RequestFlags;

/** Random requests against a byte array, for all sizes of clusters and refcounts. */
class RandomWritesTest {
  private static final int STEPS = 200;

  @ParameterizedTest
  @CsvSource({
    "3,512,16,300000,1",
    "3,512,64,300000,2",
    "3,512,1,300000,3",
    "3,1024,2,300000,4",
    "3,2048,4,500000,5",
    "3,4096,8,1000000,6",
    "3,8192,32,1000000,7",
    "3,16384,16,2000000,8",
    "3,65536,16,4000000,9",
    "3,65536,64,4000000,10",
    "3,131072,16,6000000,11",
    "3,524288,1,8000000,12",
    "3,2097152,16,16000000,13",
    "2,512,16,300000,14",
    "2,65536,16,4000000,15",
    "2,4096,16,1000000,16"
  })
  void likeAnArray(int version, int clusterSize, int refcountBits, long rough, long seed)
      throws BlockException {
    for (boolean backed : new boolean[] {false, true}) {
      run(version, clusterSize, refcountBits, rough & -512L, seed, backed);
    }
  }

  private static void run(
      int version, int clusterSize, int refcountBits, long size, long seed, boolean backed)
      throws BlockException {
    Random random = new Random(seed);
    MemoryImage file = new MemoryImage();
    Qcow2Creator.create(
        file, Qcow2Creator.Options.of(size).withLayout(version, clusterSize, refcountBits));
    byte[] model = new byte[(int) size];
    byte[] below = new byte[(int) size * 2 / 3];
    random.nextBytes(below);
    BackingSource backing = backed ? new BytesBacking(below) : BackingSource.NONE;
    if (backed) {
      System.arraycopy(below, 0, model, 0, below.length);
    }
    OpenOptions options = OpenOptions.DEFAULT;
    Qcow2Image image = Qcow2Image.open(file, backing, options, CorruptionListener.SILENT);
    for (int step = 0; step < STEPS; step++) {
      image = step(random, file, backing, image, model, clusterSize, backed && version < 3);
    }
    compare(image, model);
    image.close();
    ImageCheck.clean(file);
    compare(Qcow2Image.open(file, backing, options, CorruptionListener.SILENT), model);
  }

  private static Qcow2Image step(
      Random random,
      MemoryImage file,
      BackingSource backing,
      Qcow2Image image,
      byte[] model,
      int clusterSize,
      boolean noDiscard)
      throws BlockException {
    int offset = random.nextInt(model.length);
    int bytes = 1 + random.nextInt(Math.min(model.length - offset, 3 * clusterSize));
    int kind = random.nextInt(100);
    if (kind < 60) {
      byte[] data = new byte[bytes];
      random.nextBytes(data);
      image.write(offset, ByteBuffer.wrap(data));
      System.arraycopy(data, 0, model, offset, bytes);
    } else if (kind < 85) {
      int start = offset / clusterSize * clusterSize;
      int end = Math.min(start + (1 + random.nextInt(4)) * clusterSize, model.length);
      int flags = random.nextBoolean() ? RequestFlags.MAY_UNMAP : 0;
      boolean zeroed = kind < 75 ? zero(image, start, end, flags) : !noDiscard;
      if (kind >= 75 && !noDiscard) {
        image.discard(start, end - start);
      }
      if (zeroed) {
        Arrays.fill(model, start, end, (byte) 0);
      }
    } else if (kind < 90) {
      compressed(random, image, model, offset / clusterSize * clusterSize, clusterSize);
    } else if (kind < 95) {
      image.flush();
    } else if (kind < 97) {
      image.close();
      ImageCheck.clean(file);
      return Qcow2Image.open(file, backing, OpenOptions.DEFAULT, CorruptionListener.SILENT);
    } else {
      compare(image, model);
    }
    return image;
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

  private static void compressed(
      Random random, Qcow2Image image, byte[] model, int start, int clusterSize)
      throws BlockException {
    int end = Math.min(start + 2 * clusterSize, model.length);
    for (int at = start; at < end; at += clusterSize) {
      byte[] data = new byte[Math.min(clusterSize, end - at)];
      for (int i = 0; i < data.length; i++) {
        data[i] = (byte) ((i / 100) * random.nextInt(2));
      }
      if (writeCompressed(image, at, data)) {
        System.arraycopy(data, 0, model, at, data.length);
      }
    }
  }

  /** Compressed data do not replace others. */
  private static boolean writeCompressed(Qcow2Image image, int at, byte[] data)
      throws BlockException {
    boolean free =
        switch (image.lookup(at, data.length)) {
          case Mapping.Data d -> false;
          case Mapping.Compressed c -> false;
          case Mapping.Zero zero -> zero.hostOffset() == Mapping.NOWHERE;
          case Mapping.Unallocated u -> true;
        };
    try {
      image.writeCompressed(at, ByteBuffer.wrap(data));
      return true;
    } catch (BlockException refused) {
      assertThat(refused.errno()).isEqualTo(Errno.EIO);
      assertThat(free).isFalse();
      return false;
    }
  }

  private static void compare(Qcow2Image image, byte[] model) throws BlockException {
    byte[] data = new byte[model.length];
    image.read(0, ByteBuffer.wrap(data));
    assertThat(Arrays.mismatch(data, model)).isEqualTo(-1);
  }
}
