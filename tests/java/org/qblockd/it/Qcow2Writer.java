// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.qblockd.base.BlockException;
import org.qblockd.driver.qcow2.BackingSource;
import org.qblockd.driver.qcow2.CorruptionListener;
import org.qblockd.driver.qcow2.OpenOptions;
import org.qblockd.driver.qcow2.Qcow2Image;

/**
 * The program that the kill test kills: writes stamped sectors to one image after the other and
 * tells on standard output which it has started, done and flushed, until it is killed.
 */
final class Qcow2Writer {
  static final int SECTOR = 512;
  static final int SECTORS = 8192;

  private Qcow2Writer() {}

  /** Arguments: seed, image. */
  public static void main(String[] args) throws BlockException {
    Random random = new Random(Long.parseLong(args[0]));
    PrintStream out = System.out;
    HostImage file = HostImage.open(Path.of(args[1]), true);
    Qcow2Image image =
        Qcow2Image.open(file, BackingSource.NONE, OpenOptions.DEFAULT, CorruptionListener.SILENT);
    for (long stamp = 1; ; stamp++) {
      int first = random.nextInt(SECTORS);
      int count = Math.min(1 + random.nextInt(300), SECTORS - first);
      int kind = random.nextInt(10);
      if (kind == 0) {
        image.flush();
        out.println("flushed");
      } else if (kind == 1) {
        int start = first / 128 * 128;
        out.println("zero " + start + " 128");
        image.discard((long) start * SECTOR, 128L * SECTOR);
      } else {
        out.println("write " + first + " " + count + " " + stamp);
        image.write((long) first * SECTOR, stamped(count, stamp));
      }
      out.flush();
    }
  }

  private static ByteBuffer stamped(int sectors, long stamp) {
    ByteBuffer data = ByteBuffer.allocate(sectors * SECTOR);
    for (int i = 0; i < sectors; i++) {
      data.putLong(i * SECTOR, stamp);
    }
    return data;
  }
}
