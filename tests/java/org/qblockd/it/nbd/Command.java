// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that run in a directory and end by themselves. Any thread. */
record Command(Path directory) {
  private static final long WATCHDOG_SECONDS = 120;

  /** What a program came to; both outputs are one text. */
  record Outcome(int status, String output) {}

  /** Runs a program and waits for its end. */
  Outcome run(String... words) throws IOException, InterruptedException {
    Path output = Files.createTempFile("words", "");
    // Not a pipe: what goes on in the background would keep it open.
    Process process =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(List.of(words) + " does not end: " + Files.readString(output));
    }
    String text = Files.readString(output, UTF_8);
    Files.delete(output);
    return new Outcome(process.exitValue(), text);
  }

  /** Runs a program that must succeed; what it printed. */
  String ok(String... words) throws IOException, InterruptedException {
    Outcome outcome = run(words);
    if (outcome.status() != 0) {
      throw new AssertionError(
          String.join(" ", words) + ": status " + outcome.status() + "\n" + outcome.output());
    }
    return outcome.output();
  }

  /** Asserts that two images show the same disk. */
  void assertSame(String format, String image, String otherFormat, String other)
      throws IOException, InterruptedException {
    String said = ok("qemu-img", "compare", "-U", "-f", format, "-F", otherFormat, image, other);
    if (!said.equals("Images are identical.\n")) {
      throw new AssertionError(image + ", " + other + ": " + said);
    }
  }
}
