// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.base.BlockException;
import org.qblockd.driver.qcow2.BackingSource;
import org.qblockd.driver.qcow2.CorruptionListener;
import org.qblockd.driver.qcow2.OpenOptions;
import org.qblockd.driver.qcow2.Qcow2Image;

/**
 * A writer that is killed (-9): its image has leaked clusters at most, and every sector holds what
 * was flushed or something written after. Every second one is killed in the middle of a seeded
 * change of its file, data or metadata; the others run on while the signal is on its way, after a
 * seeded number of reports.
 */
class Qcow2KillIT {
  /** Each costs the start of a JVM; fewer by -Dqblockd.kill.rounds=N. */
  private static final int ROUNDS = Integer.getInteger("qblockd.kill.rounds", 200);

  private static final int MAX_LINES = 400;
  private static final int MAX_CHANGES = 1000;

  @TempDir Path directory;

  @BeforeAll
  static void tools() {
    QemuTools.assumeInstalled();
  }

  @Test
  void killedAtAnyMoment() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Path path = directory.resolve("image" + round);
      String cluster = round % 3 == 0 ? "512" : "65536";
      QemuTools.ok(
          "qemu-img",
          "create",
          "-q",
          "-f",
          "qcow2",
          "-o",
          "cluster_size=" + cluster,
          path.toString(),
          Integer.toString(Qcow2Writer.SECTORS * Qcow2Writer.SECTOR));
      Random random = new Random(round);
      boolean inChange = round % 2 == 0;
      List<String> progress =
          inChange
              ? killed(path, round, 1 + random.nextInt(MAX_CHANGES), Integer.MAX_VALUE)
              : killed(path, round, 0, 1 + random.nextInt(MAX_LINES));
      QemuTools.checkSound(path);
      verify(path, progress, round);
      Files.delete(path);
    }
  }

  /**
   * What the writer told before it was killed, including what it told after the order was given.
   *
   * @param change the change of the file to be killed in, or 0
   * @param lines the report to be killed after
   */
  private static List<String> killed(Path image, long seed, int change, int lines)
      throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Qcow2Writer.class.getName(),
                Long.toString(seed),
                image.toString(),
                Integer.toString(change))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> progress = new ArrayList<>();
    boolean killed = false;
    try (BufferedReader out = writer.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        boolean cut = line.equals(Qcow2Writer.CUT);
        if (!cut) {
          progress.add(line);
        }
        if (cut || progress.size() == lines) {
          killed = writer.toHandle().destroyForcibly();
        }
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
    assertThat(killed).as("the writer of round " + seed + " was killed").isTrue();
    return progress;
  }

  private static void verify(Path path, List<String> progress, int round)
      throws BlockException, IOException {
    List<List<Long>> allowed = new ArrayList<>();
    for (int i = 0; i < Qcow2Writer.SECTORS; i++) {
      allowed.add(new ArrayList<>(List.of(0L)));
    }
    for (String line : progress) {
      replay(line, allowed);
    }
    try (HostImage file = HostImage.open(path, false)) {
      Qcow2Image image =
          Qcow2Image.open(
              file,
              BackingSource.NONE,
              OpenOptions.DEFAULT.withReadOnly(true),
              CorruptionListener.SILENT);
      ByteBuffer all = ByteBuffer.allocate(Qcow2Writer.SECTORS * Qcow2Writer.SECTOR);
      image.read(0, all);
      for (int i = 0; i < Qcow2Writer.SECTORS; i++) {
        assertThat(allowed.get(i))
            .as("round " + round + " sector " + i)
            .contains(all.getLong(i * Qcow2Writer.SECTOR));
      }
    }
  }

  private static void replay(String line, List<List<Long>> allowed) {
    String[] words = line.split(" ");
    if (words[0].equals("flushed")) {
      allowed.replaceAll(stamps -> new ArrayList<>(List.of(stamps.getLast())));
      return;
    }
    int first = Integer.parseInt(words[1]);
    int count = Integer.parseInt(words[2]);
    long stamp = words[0].equals("zero") ? 0 : Long.parseLong(words[3]);
    for (int i = first; i < first + count; i++) {
      allowed.get(i).add(stamp);
    }
  }
}
