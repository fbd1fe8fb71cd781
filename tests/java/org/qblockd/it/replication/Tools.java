// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of QEMU that the tests run. Any thread. */
final class Tools {
  static final String QEMU = "qemu-system-x86_64";

  private Tools() {}

  /** The program named by the property {@code qblockd.launcher}, else the project's own. */
  static String underTest() {
    return Path.of(System.getProperty("qblockd.launcher", "bin/qblockd"))
        .toAbsolutePath()
        .toString();
  }

  static boolean installed(String program) {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /** Runs a tool that must succeed. */
  static void ok(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String words = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError(List.of(command) + ": " + words);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
