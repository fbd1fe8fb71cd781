// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Kind;
import org.qblockd.qapi.QmpException;

/** Random {@code --chardev} strings: the same output as the real qemu-storage-daemon. */
class OptionsIT {
  private static final String PROGRAM = "qemu-storage-daemon";
  private static final int ROUNDS = 400;

  /** What is said after the string was parsed. */
  private static final Pattern LATER =
      Pattern.compile("no id specified|none-such|is not a valid char driver name");

  private static final List<String> PAIRS =
      List.of(
          "id=m",
          "id=1",
          "id=",
          "id=a b",
          "id=a.b-c_d",
          "server",
          "noserver",
          "server=on",
          "server=x",
          "nodelay",
          "nodelay=on",
          "delay",
          "wait",
          "mux=no",
          "mux=y",
          "cols=1",
          "cols=-1",
          "cols=0x10",
          "cols=1k",
          "cols=",
          "cols=99999999999999999999",
          "size=1k",
          "size=1.5",
          "size=-1",
          "size=16E",
          "size=1kk",
          "foo",
          "nofoo",
          "foo=bar",
          "no",
          "on",
          "path=a,,b",
          "path=",
          "path",
          "=",
          "",
          "=x",
          "chardevs.0=x",
          "help",
          "?",
          "nohelp",
          "help=1",
          "backend=null",
          "size=-x",
          "size=-1x",
          "size=- 1",
          "size=16.5E",
          "size=99999999999999999999",
          "size=99999999999999999999k",
          "nodelay",
          "cols=-18446744073709551616");
  private static final Map<String, Kind> KNOWN = new LinkedHashMap<>();

  @TempDir Path directory;

  /** The reference lists its own options. */
  @BeforeAll
  static void askForTheOptions() throws Exception {
    boolean installed = false;
    for (String each : System.getenv().getOrDefault("PATH", "").split(":")) {
      installed |= Files.isExecutable(Path.of(each, PROGRAM));
    }
    assumeTrue(installed, PROGRAM + " is not installed");
    for (String line : run(Path.of("/"), "null,id=m,help")) {
      String[] parts = line.strip().split("=<", 2);
      if (parts.length == 2) {
        KNOWN.put(
            parts[0],
            switch (parts[1]) {
              case "num>" -> Kind.NUMBER;
              case "size>" -> Kind.SIZE;
              case "str>" -> Kind.STRING;
              default -> Kind.BOOL;
            });
      }
    }
  }

  @Test
  void saysWhatQemuSays() throws Exception {
    long seed = Long.getLong("qblockd.seed", 20250);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder text = new StringBuilder("null");
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        text.append(',').append(PAIRS.get(random.nextInt(PAIRS.size())));
      }
      List<String> theirs = run(directory, text.toString());
      theirs.removeIf(line -> LATER.matcher(line).find());
      List<String> ours = ours(text.toString());
      if (theirs.contains("chardev options:")) {
        theirs = theirs.subList(0, theirs.indexOf("chardev options:") + 1);
      }
      assertThat(ours).as("seed %s round %s: %s", seed, round, text).isEqualTo(theirs);
    }
  }

  private static List<String> ours(String text) {
    String prefix = PROGRAM + ": --chardev " + text + ": ";
    List<String> lines = new ArrayList<>();
    try {
      OptsParser.Parsed parsed =
          OptsParser.of("backend", KNOWN)
              .parse(text, line -> lines.add(line.startsWith("warning") ? prefix + line : line));
      if (parsed.help()) {
        lines.add("chardev options:");
      }
    } catch (QmpException e) {
      lines.add(prefix + e.text());
      e.hint().lines().forEach(lines::add);
    }
    return lines;
  }

  /** All that the program prints; a bad second option ends it when it accepts the first. */
  private static List<String> run(Path directory, String text) throws IOException {
    Process process =
        new ProcessBuilder(PROGRAM, "--chardev", text, "--chardev", "none-such")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    List<String> lines = new ArrayList<>();
    try (var reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    }
    return lines;
  }
}
