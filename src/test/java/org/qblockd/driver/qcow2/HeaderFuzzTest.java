// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BlockException;

/** Damaged metadata: requests work or fail with an error, and nothing else happens. */
class HeaderFuzzTest {
  private static final int ROUNDS = 3000;

  @Test
  void flippedBytesAreErrorsAtMost() throws BlockException {
    byte[] good = sample();
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      byte[] bad = good.clone();
      int flips = 1 + random.nextInt(4);
      for (int i = 0; i < flips; i++) {
        // Header, refcount table, refcount block, L1 and L2 tables: all are in the first clusters.
        int at = random.nextInt(3) == 0 ? random.nextInt(6 * 4096) : random.nextInt(160);
        bad[at] = (byte) random.nextInt(256);
      }
      use(bad, random);
    }
  }

  private static byte[] sample() throws BlockException {
    MemoryImage file = new MemoryImage();
    Qcow2Creator.create(
        file,
        Qcow2Creator.Options.of(1 << 20).withLayout(3, 4096, 16).withBacking("base.img", "raw"));
    Qcow2Image image =
        Qcow2Image.open(file, BackingSource.NONE, OpenOptions.DEFAULT, CorruptionListener.SILENT);
    image.write(0, ByteBuffer.allocate(100_000));
    image.writeCompressed(1 << 19, ByteBuffer.allocate(8192));
    image.writeZeroes(1 << 18, 8192, 0);
    image.close();
    return file.toBytes();
  }

  private static void use(byte[] bytes, Random random) {
    try {
      MemoryImage file = MemoryImage.of(bytes);
      boolean readOnly = random.nextInt(3) == 0;
      Qcow2Image image =
          Qcow2Image.open(
              file,
              BackingSource.NONE,
              OpenOptions.DEFAULT.withReadOnly(readOnly),
              CorruptionListener.SILENT);
      requests(image, readOnly);
      image.close();
    } catch (BlockException refused) {
      // What is wanted; any other exception fails the test.
    }
  }

  private static void requests(Qcow2Image image, boolean readOnly) throws BlockException {
    for (long offset = 0; offset < Math.min(image.length(), 1 << 20); offset += 64 << 10) {
      image.read(offset, ByteBuffer.allocate(4096));
      if (!readOnly) {
        image.write(offset + 100, ByteBuffer.allocate(3000));
      }
    }
    if (!readOnly) {
      image.discard(0, 65536);
      image.flush();
    }
  }
}
