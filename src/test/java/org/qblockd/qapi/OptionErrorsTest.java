// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.qblockd.qapi.OptsParser.Kind;
import org.qblockd.qapi.types.BlockdevOptions;

/** Option strings and the first error that the real QEMU names, from recorded tables. */
class OptionErrorsTest {
  private static final OptsParser DRIVE = OptsParser.acceptingAny(null);
  private static final OptsParser CHARDEV =
      OptsParser.of(
          "backend",
          Map.of(
              "backend",
              Kind.STRING,
              "path",
              Kind.STRING,
              "server",
              Kind.BOOL,
              "wait",
              Kind.BOOL,
              "width",
              Kind.NUMBER,
              "reconnect",
              Kind.NUMBER,
              "size",
              Kind.SIZE));
  private static final OptsParser MON =
      OptsParser.of(
          "chardev", Map.of("mode", Kind.STRING, "chardev", Kind.STRING, "pretty", Kind.BOOL));
  private static final OptsParser NAME =
      OptsParser.of(
          "guest",
          Map.of("guest", Kind.STRING, "process", Kind.STRING, "debug-threads", Kind.BOOL));

  @TestFactory
  List<DynamicTest> blockdev() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String[] row : rows("blockdev-errors.tsv")) {
      tests.add(
          DynamicTest.dynamicTest(
              row[0].isEmpty() ? "empty" : row[0],
              () -> assertThat(blockdev(row[0])).isEqualTo(row[1])));
    }
    return tests;
  }

  private static String blockdev(String text) {
    try {
      BlockdevOptions options = BlockdevOptions.decode(Keyval.visitor(text, "driver"), null);
      assertThat(BlockdevOptions.decode(InputVisitor.strict(options.toJson()), null))
          .isEqualTo(options);
      return "accepted";
    } catch (QmpException e) {
      return e.text();
    }
  }

  @TestFactory
  List<DynamicTest> olderOptions() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String[] row : rows("option-errors.tsv")) {
      tests.add(DynamicTest.dynamicTest(row[0] + " " + row[1], () -> checkOption(row)));
    }
    return tests;
  }

  private static void checkOption(String[] row) {
    OptsParser parser =
        switch (row[0]) {
          case "-drive" -> DRIVE;
          case "-chardev" -> CHARDEV;
          case "-mon" -> MON;
          default -> NAME;
        };
    List<String> warnings = new ArrayList<>();
    String result;
    try {
      OptsParser.Parsed parsed = parser.parse(row[1], warnings::add);
      result = parsed.help() ? "help" : "accepted";
    } catch (QmpException e) {
      result = e.text();
    }
    assertThat(result).isEqualTo(row[2]);
    assertThat(warnings).isEqualTo(List.of(row).subList(3, row.length));
  }

  private static List<String[]> rows(String resource) throws IOException {
    List<String[]> rows = new ArrayList<>();
    try (InputStream in = OptionErrorsTest.class.getResourceAsStream(resource)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      for (String line : text.lines().toList()) {
        if (!line.startsWith("#")) {
          rows.add(line.split("\t", -1));
        }
      }
    }
    return rows;
  }
}
