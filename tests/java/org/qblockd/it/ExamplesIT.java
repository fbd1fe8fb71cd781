// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what lies in examples/ as a user would; one test thread. */
final class ExamplesIT {
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path directory;

  private record Ended(int status, String output) {}

  private static Path example(String name) {
    return Path.of(System.getProperty("qblockd.basedir", "."), "examples", name).toAbsolutePath();
  }

  private Ended run(String library, String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().put("QBLOCKD", LiveServer.launcher());
    if (library.isEmpty()) {
      builder.environment().remove("PYTHONPATH");
    } else {
      builder.environment().put("PYTHONPATH", library);
    }
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private Ended against(String library, String... command) throws Exception {
    try (LiveServer server = LiveServer.start(directory, "-qmp", "unix:qmp,server=on,wait=off")) {
      assertThat(server.process().isAlive()).isTrue();
      return run(library, command);
    }
  }

  @Test
  void mirrorInTheShell() throws Exception {
    Ended ended = against("", example("mirror.sh").toString(), "qmp");
    assertThat(ended.output).contains("\"event\": \"BLOCK_JOB_COMPLETED\"");
    assertThat(ended.status).as(ended.output).isZero();
  }

  @Test
  void mirrorInPython() throws Exception {
    assumeTrue(exists("python3"), "python3 is not installed");
    Ended ended = against("", "python3", example("mirror.py").toString(), "qmp");
    assertThat(ended.status).as(ended.output).isZero();
    assertThat(ended.output).startsWith("done with ");
  }

  /** Python's qemu.qmp lies where the variable QEMU_PYTHON says: QEMU's source has it. */
  @Test
  void mirrorWithTheLibraryOfQemu() throws Exception {
    String library = System.getenv("QEMU_PYTHON");
    assumeTrue(library != null && exists("python3"), "QEMU_PYTHON does not name qemu.qmp");
    Ended ended = against(library, "python3", example("mirror.py").toString(), "qmp");
    assertThat(ended).isEqualTo(new Ended(0, "done with qemu.qmp\n"));
  }

  private static boolean exists(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
