// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.List;

/** Java text under construction, indented by its braces. Confined to one thread. */
final class Code {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** Adds a line; a leading closing brace and a trailing opening one move the indentation. */
  Code line(String line) {
    if (line.startsWith("}")) {
      depth--;
    }
    text.repeat(' ', line.isEmpty() ? 0 : 2 * depth).append(line).append('\n');
    if (line.endsWith("{")) {
      depth++;
    }
    return this;
  }

  /** Adds an empty line. */
  Code gap() {
    return line("");
  }

  /** Adds a comment for documentation tools. */
  Code doc(String words) {
    String safe =
        words
            .strip()
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace("*/", "*&#47;")
            .replaceAll("(?<!\\{)@", "{@literal @}");
    List<String> lines = safe.lines().toList();
    if (lines.size() <= 1) {
      return line("/** " + safe + " */");
    }
    line("/**");
    for (String each : lines) {
      line((" * " + each).stripTrailing());
    }
    return line(" */");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
