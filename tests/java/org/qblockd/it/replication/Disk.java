// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.replication;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * What both sides must show, by the table of writes: in memory, byte by byte. One test thread.
 *
 * <p>The primary shows all its writes. The secondary shows what the primary had at the last
 * checkpoint, and its own writes since.
 */
final class Disk {
  static final int BYTES = 1 << 20;
  private static final int GRAIN = 512;

  private final byte[] primary = new byte[BYTES];
  private final byte[] checkpoint = new byte[BYTES];
  private final byte[] own = new byte[BYTES];
  private final BitSet ownWritten = new BitSet(BYTES / GRAIN);

  /** A write of one pattern. */
  record Write(int offset, int bytes, int pattern) {
    static Write random(Random random) {
      int grains = BYTES / GRAIN;
      int length = 1 + random.nextInt(random.nextBoolean() ? 16 : 400);
      int at = random.nextInt(grains - length);
      return new Write(at * GRAIN, length * GRAIN, 1 + random.nextInt(250));
    }

    String command() {
      return "write -P %d %d %d".formatted(pattern, offset, bytes);
    }
  }

  /** A disk full of one pattern on both sides. */
  static Disk filled(int pattern) {
    Disk disk = new Disk();
    Arrays.fill(disk.primary, (byte) pattern);
    disk.checkpoint();
    return disk;
  }

  void primaryWrote(Write write) {
    Arrays.fill(primary, write.offset(), write.offset() + write.bytes(), (byte) write.pattern());
  }

  void secondaryWrote(Write write) {
    Arrays.fill(own, write.offset(), write.offset() + write.bytes(), (byte) write.pattern());
    ownWritten.set(write.offset() / GRAIN, (write.offset() + write.bytes()) / GRAIN);
  }

  /** The secondary's own writes are dropped. */
  void checkpoint() {
    System.arraycopy(primary, 0, checkpoint, 0, BYTES);
    ownWritten.clear();
  }

  byte[] primary() {
    return primary.clone();
  }

  /** What the secondary shows, and what it has after a failover. */
  byte[] secondary() {
    byte[] shown = checkpoint.clone();
    for (int i = ownWritten.nextSetBit(0); i >= 0; i = ownWritten.nextSetBit(i + 1)) {
      System.arraycopy(own, i * GRAIN, shown, i * GRAIN, GRAIN);
    }
    return shown;
  }

  /** The secondary has failed over and is the only one now. */
  void failedOver() {
    System.arraycopy(secondary(), 0, primary, 0, BYTES);
    checkpoint();
  }

  /** Puts content into a raw file. */
  static Path store(Path file, byte[] content) throws IOException {
    return Files.write(file, content);
  }
}
