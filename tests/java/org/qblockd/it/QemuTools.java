// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs qemu-img and qemu-io; tests that need them are skipped where they are not installed. */
final class QemuTools {
  /** What a tool came to. */
  record Outcome(int status, String out, String err) {}

  private QemuTools() {}

  static void assumeInstalled() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-img is not installed");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-io")), "qemu-io is not installed");
  }

  static Outcome run(String... command) throws IOException {
    Path err = Files.createTempFile("qcow2-it", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      return new Outcome(status, out, Files.readString(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      Files.delete(err);
    }
  }

  /** Runs a tool that must succeed; its standard output. */
  static String ok(String... command) throws IOException {
    Outcome outcome = run(command);
    assertThat(outcome.status())
        .as(List.of(command) + "\n" + outcome.out() + outcome.err())
        .isZero();
    return outcome.out();
  }

  static void checkClean(Path image) throws IOException {
    ok("qemu-img", "check", "-q", "-f", "qcow2", image.toString());
  }

  /** No errors; leaked clusters are allowed. */
  static void checkSound(Path image) throws IOException {
    Outcome outcome = run("qemu-img", "check", "-f", "qcow2", image.toString());
    assertThat(outcome.status()).as(outcome.out() + outcome.err()).isIn(0, 3);
  }
}
