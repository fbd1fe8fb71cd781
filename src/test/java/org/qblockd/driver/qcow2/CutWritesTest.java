// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.RequestFlags;

/**
 * The process ends at each write in turn: what the file then holds has no errors, and every sector
 * has the content of the last flush or of a request after it.
 */
class CutWritesTest {
  private static final int SECTOR = 512;
  private static final int REQUESTS = 120;

  /**
   * What each sector may hold after a crash: stamps, 0 for zeroes; the last is what it holds now.
   */
  private static final class Model {
    final List<List<Long>> allowed = new ArrayList<>();

    Model(int sectors) {
      for (int i = 0; i < sectors; i++) {
        allowed.add(new ArrayList<>(List.of(0L)));
      }
    }

    void put(int sector, long stamp) {
      allowed.get(sector).add(stamp);
    }

    void flushed() {
      allowed.replaceAll(stamps -> new ArrayList<>(List.of(stamps.getLast())));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3,512,16,false,1", "3,512,64,false,2", "3,4096,16,false,3", "3,65536,16,false,4",
    "2,512,16,false,5", "3,4096,1,false,6", "3,512,16,true,7", "3,65536,16,true,8"
  })
  void atEveryWrite(int version, int clusterSize, int refcountBits, boolean lazy, long seed)
      throws BlockException {
    long writes = run(version, clusterSize, refcountBits, lazy, seed, Long.MAX_VALUE);
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      long unused =
          run(version, clusterSize, refcountBits, lazy, seed + i % 4, random.nextLong(writes));
    }
  }

  private static long run(
      int version, int clusterSize, int refcountBits, boolean lazy, long seed, long cut)
      throws BlockException {
    int sectors = Math.max(1024, clusterSize / SECTOR * 24);
    MemoryImage file = new MemoryImage();
    Qcow2Creator.Options layout =
        Qcow2Creator.Options.of((long) sectors * SECTOR)
            .withLayout(version, clusterSize, refcountBits);
    Qcow2Creator.create(file, layout);
    OpenOptions options = lazy ? lazy() : OpenOptions.DEFAULT;
    Qcow2Image image =
        Qcow2Image.open(file, BackingSource.NONE, options, CorruptionListener.SILENT);
    Model model = new Model(sectors);
    long before = file.writes();
    if (cut != Long.MAX_VALUE) {
      file.cutAfter(cut);
    }
    try {
      Random random = new Random(seed);
      for (int i = 1; i <= REQUESTS; i++) {
        request(random, image, model, i, sectors, clusterSize / SECTOR);
      }
      image.close();
      model.flushed();
    } catch (BlockException died) {
      assertThat(died.errno()).isEqualTo(Errno.EIO);
    }
    long writes = file.writes() - before;
    verify(MemoryImage.of(file.toBytes()), model, lazy, "seed " + seed + " cut " + cut);
    return writes;
  }

  private static OpenOptions lazy() {
    OpenOptions usual = OpenOptions.DEFAULT;
    return new OpenOptions(
        false, true, usual.discards(), false, OverlapChecks.ALL, 1 << 20, 1 << 20);
  }

  private static void request(
      Random random, Qcow2Image image, Model model, int stamp, int sectors, int perCluster)
      throws BlockException {
    int first = random.nextInt(sectors);
    int count = Math.min(1 + random.nextInt(2 * perCluster + 2), sectors - first);
    int start = first / perCluster * perCluster;
    int end = Math.min(start + perCluster * (1 + random.nextInt(3)), sectors);
    int kind = random.nextInt(20);
    if (kind < 13) {
      ByteBuffer data = ByteBuffer.allocate(count * SECTOR);
      for (int i = 0; i < count; i++) {
        data.putLong(i * SECTOR, stamp).putLong(i * SECTOR + SECTOR - 8, stamp);
        model.put(first + i, stamp);
      }
      image.write((long) first * SECTOR, data);
    } else if (kind < 17) {
      for (int i = start; i < end; i++) {
        model.put(i, 0);
      }
      zero(image, (long) start * SECTOR, (long) (end - start) * SECTOR, kind);
    } else if (kind < 19) {
      image.flush();
      model.flushed();
    } else {
      ByteBuffer data = ByteBuffer.allocate((end - start) * SECTOR);
      for (int i = start; i < end; i++) {
        data.putLong((i - start) * SECTOR, stamp);
        data.putLong((i - start + 1) * SECTOR - 8, stamp);
        model.put(i, stamp);
      }
      image.writeCompressed((long) start * SECTOR, data);
    }
  }

  private static void zero(Qcow2Image image, long offset, long bytes, int kind)
      throws BlockException {
    if (kind < 15) {
      image.discard(offset, bytes);
      return;
    }
    try {
      image.writeZeroes(offset, bytes, kind == 15 ? RequestFlags.MAY_UNMAP : 0);
    } catch (BlockException refused) {
      if (refused.errno() != Errno.ENOTSUP) {
        throw refused;
      }
      image.write(offset, ByteBuffer.allocate((int) bytes));
    }
  }

  private static void verify(MemoryImage file, Model model, boolean repair, String what)
      throws BlockException {
    if (!repair) {
      ImageCheck.sound(file);
    }
    OpenOptions options = OpenOptions.DEFAULT.withReadOnly(!repair);
    Qcow2Image image =
        Qcow2Image.open(file, BackingSource.NONE, options, CorruptionListener.SILENT);
    ByteBuffer sector = ByteBuffer.allocate(SECTOR);
    for (int i = 0; i < model.allowed.size(); i++) {
      image.read((long) i * SECTOR, sector.clear());
      assertThat(model.allowed.get(i)).as(what + " sector " + i).contains(sector.getLong(0));
      assertThat(sector.getLong(SECTOR - 8)).isEqualTo(sector.getLong(0));
    }
    image.close();
    if (repair) {
      ImageCheck.clean(file);
    }
  }
}
