// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.RequestFlags;

/** Threads with pieces of the same clusters, each piece written by one thread only. */
class ConcurrentWritesTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 300;

  @ParameterizedTest
  @CsvSource({"512,512,1", "4096,512,2", "65536,4096,3", "65536,65536,4"})
  void piecesOfTheSameClusters(int clusterSize, int piece, long seed) throws Exception {
    int size = Math.max(64 * clusterSize, THREADS * piece * 40);
    byte[] model = new byte[size];
    new Random(seed).nextBytes(model);
    BackingSource backing = new BytesBacking(model.clone());
    MemoryImage file = new MemoryImage();
    Qcow2Creator.create(file, Qcow2Creator.Options.of(size).withLayout(3, clusterSize, 16));
    OpenOptions small =
        new OpenOptions(
            false,
            null,
            new OpenOptions.PassDiscards(true, true, true),
            false,
            OverlapChecks.ALL,
            4096,
            4096);
    Qcow2Image image = Qcow2Image.open(file, backing, small, CorruptionListener.SILENT);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> results = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        results.add(threads.submit(() -> writer(image, model, clusterSize, piece, thread, seed)));
      }
      for (Future<?> result : results) {
        assertThat(result.get()).isEqualTo("done");
      }
    }
    byte[] data = new byte[size];
    image.read(0, ByteBuffer.wrap(data));
    assertThat(Arrays.mismatch(data, model)).isEqualTo(-1);
    image.close();
    ImageCheck.clean(file);
  }

  /** Pieces number thread, thread + 8, …; whole clusters are zeroed where a piece is a cluster. */
  private static String writer(
      Qcow2Image image, byte[] model, int clusterSize, int piece, int thread, long seed)
      throws BlockException {
    Random random = new Random(seed * 100 + thread);
    int pieces = model.length / piece;
    for (int round = 0; round < ROUNDS; round++) {
      int number = random.nextInt(pieces / THREADS) * THREADS + thread;
      int offset = number * piece;
      int kind = random.nextInt(20);
      if (kind < 6 && piece == clusterSize) {
        zero(image, offset, piece, kind);
        Arrays.fill(model, offset, offset + piece, (byte) 0);
      } else if (kind == 6) {
        image.flush();
      } else if (kind < 11) {
        byte[] read = new byte[piece];
        image.read(offset, ByteBuffer.wrap(read));
        assertThat(read).isEqualTo(Arrays.copyOfRange(model, offset, offset + piece));
      } else {
        byte[] data = new byte[piece];
        random.nextBytes(data);
        image.write(offset, ByteBuffer.wrap(data));
        System.arraycopy(data, 0, model, offset, piece);
      }
    }
    return "done";
  }

  private static void zero(Qcow2Image image, int offset, int bytes, int kind)
      throws BlockException {
    if (kind < 3) {
      image.discard(offset, bytes);
      return;
    }
    try {
      image.writeZeroes(offset, bytes, kind == 3 ? 0 : RequestFlags.MAY_UNMAP);
    } catch (BlockException refused) {
      assertThat(refused.errno()).isEqualTo(Errno.ENOTSUP);
    }
  }
}
