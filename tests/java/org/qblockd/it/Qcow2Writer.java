// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.qblockd.base.BlockException;
import org.qblockd.driver.qcow2.BackingSource;
import org.qblockd.driver.qcow2.CorruptionListener;
import org.qblockd.driver.qcow2.ImageFile;
import org.qblockd.driver.qcow2.OpenOptions;
import org.qblockd.driver.qcow2.Qcow2Image;

/**
 * The program that the kill test kills: writes stamped sectors to an image and tells on standard
 * output what it begins and what it has flushed, until it is killed; or until a given change of the
 * image's file, in the middle of which it tells so and waits for its end.
 */
final class Qcow2Writer {
  static final int SECTOR = 512;
  static final int SECTORS = 8192;

  /** What it says last. */
  static final String CUT = "cut";

  private Qcow2Writer() {}

  /** Arguments: seed, image, number of the change to stop at or 0. */
  public static void main(String[] args) throws BlockException {
    long seed = Long.parseLong(args[0]);
    Random random = new Random(seed);
    PrintStream out = System.out;
    ImageFile file =
        new CutImage(
            HostImage.open(Path.of(args[1]), true),
            Long.parseLong(args[2]),
            new Random(~seed),
            Qcow2Writer::awaitKill);
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

  private static void awaitKill() {
    System.out.println(CUT);
    System.out.flush();
    try {
      int end = System.in.read();
      throw new IllegalStateException("not killed but sent " + end);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
