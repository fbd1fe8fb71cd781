// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The servers to talk to, and the places they worked in. Any thread. */
public final class Programs {
  /** The reference. */
  public static final String QEMU = "qemu-system-x86_64";

  private Programs() {}

  /** The program named by the property {@code qblockd.launcher}, else the project's own. */
  public static String underTest() {
    String project = System.getProperty("qblockd.basedir", ".");
    String launcher = System.getProperty("qblockd.launcher", project + "/bin/qblockd");
    return Path.of(launcher).toAbsolutePath().toString();
  }

  /** Whether a program is not the reference. */
  public static boolean isOurs(String program) {
    return program.contains("qblockd");
  }

  /** The seed named by the property {@code qblockd.copy.seed}, else one of a million. */
  static long seed() {
    return Long.getLong("qblockd.copy.seed", new Random().nextInt(1_000_000));
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> files = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
