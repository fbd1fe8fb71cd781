// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.qblockd.base.BlockException;

/** When a freed cluster may be used again, and for what. */
class ReusedClustersTest {
  private static final int CLUSTER = 65536;

  /** What the second L2 table maps begins here. */
  private static final long SECOND_TABLE = 512L << 20;

  private final MemoryImage bytes = new MemoryImage();
  private final HaltingImage file = new HaltingImage(bytes);

  @BeforeEach
  void create() throws BlockException {
    Qcow2Creator.create(
        bytes, Qcow2Creator.Options.of(2 * SECOND_TABLE).withLayout(3, CLUSTER, 16));
  }

  private static Qcow2Image open(ImageFile file) throws BlockException {
    return Qcow2Image.open(
        file, BackingSource.NONE, OpenOptions.DEFAULT, CorruptionListener.SILENT);
  }

  private static byte[] read(Qcow2Image image, long offset) throws BlockException {
    byte[] data = new byte[CLUSTER];
    image.read(offset, ByteBuffer.wrap(data));
    return data;
  }

  private static void write(Qcow2Image image, long offset, int value) throws BlockException {
    image.write(offset, ByteBuffer.wrap(filled(value)));
  }

  private static byte[] filled(int value) {
    byte[] data = new byte[CLUSTER];
    Arrays.fill(data, (byte) value);
    return data;
  }

  private static long hostOffset(Qcow2Image image, long offset) throws BlockException {
    assertThat(image.lookup(offset, CLUSTER)).isInstanceOf(Mapping.Data.class);
    return ((Mapping.Data) image.lookup(offset, CLUSTER)).hostOffset();
  }

  /** Until it ends, the read may touch the cluster: nobody else's data may come there. */
  @Test
  void notWhileAReadThatFoundItIsUnderWay() throws Exception {
    Qcow2Image image = open(file);
    write(image, 0, 0xaa);
    image.flush();
    long host = hostOffset(image, 0);
    file.haltRead(host);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<byte[]> late = thread.submit(() -> read(image, 0));
      file.awaitHalted();
      image.discard(0, CLUSTER);
      image.flush();
      image.flush();
      write(image, CLUSTER, 0xbb);
      file.release();
      assertThat(late.get()).isEqualTo(filled(0xaa));
    }
    image.flush();
    write(image, 2 * CLUSTER, 0xcc);
    assertThat(hostOffset(image, 2 * CLUSTER)).as("free after the read").isEqualTo(host);
    image.close();
    ImageCheck.clean(bytes);
  }

  /** A write-back that began before a discard has not written the table that lost the cluster. */
  @Test
  void notWhileTheTableOnDiskStillHasIt() throws Exception {
    Qcow2Image image = open(file);
    write(image, 0, 0xaa);
    image.flush();
    write(image, CLUSTER, 0xdd);
    file.haltFlush();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<String> flush =
          thread.submit(() -> {
            image.flush();
            return "flushed";
          });
      file.awaitHalted();
      image.discard(0, CLUSTER);
      file.release();
      assertThat(flush.get()).isEqualTo("flushed");
    }
    write(image, 2 * CLUSTER, 0xbb);
    Qcow2Image killed = open(MemoryImage.of(bytes.toBytes()));
    assertThat(read(killed, 0)).isEqualTo(filled(0xaa));
    assertThat(read(killed, CLUSTER)).isEqualTo(filled(0xdd));
  }

  /** What was data is no table entries where the new table has none. */
  @Test
  void asTableOnlyWithZeroesInIt() throws Exception {
    Qcow2Image image = open(file);
    write(image, 0, 0x90);
    long host = hostOffset(image, 0);
    image.flush();
    image.discard(0, CLUSTER);
    image.flush();
    image.flush();
    write(image, SECOND_TABLE, 0xbb);
    image.close();
    Qcow2Image again = open(bytes);
    assertThat(hostOffset(again, SECOND_TABLE)).isNotEqualTo(host);
    long end = 2 * SECOND_TABLE;
    for (long at = SECOND_TABLE + CLUSTER; at < end; at += 512L * CLUSTER) {
      assertThat(again.lookup(at, CLUSTER)).isInstanceOf(Mapping.Unallocated.class);
    }
    ImageCheck.clean(bytes);
  }
}
