// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevOptions;

/** Random option strings: the same first error as the real qemu-storage-daemon. */
class KeyvalIT {
  private static final String PROGRAM = "qemu-storage-daemon";
  private static final int ROUNDS = 400;
  private static final Pattern FROM_DECODING =
      Pattern.compile(
          "(Parameters? '|Parameter fragment|Invalid parameter|Expected '='|Help is not).*");
  private static final List<String> PAIRS =
      List.of(
          "driver=null-co",
          "driver=qcow2",
          "driver=blkdebug",
          "driver=file",
          "node-name=n1",
          "read-only=on",
          "read-only=maybe",
          "read-only.x=on",
          "size=1k",
          "size=0x10",
          "size=99999999999999999999",
          "latency-ns=-1",
          "file=n2",
          "file.driver=null-co",
          "file.filename=zz",
          "file.driver=raw",
          "file.file.driver=null-co",
          "backing=",
          "backing.driver=null-co",
          "overlap-check=all",
          "overlap-check=x",
          "overlap-check.template=x",
          "overlap-check.main-header=on",
          "image.driver=null-co",
          "inject-error.0.event=none",
          "inject-error.0.event=x",
          "inject-error.1.event=none",
          "inject-error.0.state=x",
          "inject-error.0.once=yes",
          "inject-error.00.once=y",
          "set-state.0.event=none",
          "take-child-perms.0=write",
          "take-child-perms.1=x",
          "cache.direct=on",
          "cache.writeback=on",
          "cache=x",
          "a=1",
          "a.b=1",
          "a.0=1",
          "a.1=1",
          "a.b.c=1",
          "1=1",
          "_a=1",
          "__a.b_c=1",
          "__a=1",
          "a.__b_c=1",
          "a..b=1",
          "a.-=1",
          "help",
          "?",
          "a",
          "=",
          "",
          "a=,,",
          "a=b,,c",
          "discard=x,,y",
          "max-transfer=4294967296",
          "align=-1",
          "x y=1",
          "a.b!=1",
          "é=1");

  @TempDir Path directory;

  @Test
  void namesTheFirstErrorThatQemuNames() throws Exception {
    assumeTrue(installed(), PROGRAM + " is not installed");
    long seed = Long.getLong("qblockd.seed", 20250);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      String text = text(random);
      String theirs = theirs(text);
      if (FROM_DECODING.matcher(theirs).matches()) {
        assertThat(ours(text)).as("seed %s round %s: %s", seed, round, text).isEqualTo(theirs);
      } else {
        assertThat(ours(text)).as("seed %s round %s: %s", seed, round, text).isEqualTo("accepted");
      }
    }
  }

  private static boolean installed() {
    for (String each : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(each, PROGRAM))) {
        return true;
      }
    }
    return false;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int count = 1 + random.nextInt(7);
    for (int i = 0; i < count; i++) {
      text.append(i > 0 ? "," : "").append(PAIRS.get(random.nextInt(PAIRS.size())));
    }
    return random.nextInt(4) > 0 ? PAIRS.get(random.nextInt(3)) + "," + text : text.toString();
  }

  private static String ours(String text) {
    try {
      InputVisitor in = Keyval.visitor(text, "driver");
      return BlockdevOptions.decode(in, null).toJson().members().isEmpty() ? "" : "accepted";
    } catch (QmpException e) {
      return e.text();
    }
  }

  /** What the program says about the option; a bad second option ends it when it accepts. */
  private String theirs(String text) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(PROGRAM, "--blockdev", text, "--chardev", "none-such")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String first;
    try (var reader = process.inputReader()) {
      List<String> lines = reader.lines().toList();
      first = lines.isEmpty() ? "" : lines.getFirst();
    }
    process.waitFor();
    String prefix = PROGRAM + ": --blockdev " + text + ": ";
    return first.startsWith(prefix) ? first.substring(prefix.length()) : "";
  }
}
