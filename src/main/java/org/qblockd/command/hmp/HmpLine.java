// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** A cursor over a command line: words, and strings in double quotes with escapes. */
final class HmpLine {
  private final String text;
  private final PrintStream out;
  private int at;

  /**
   * The line.
   *
   * @param out where complaints about strings go, as in QEMU: standard output
   */
  HmpLine(String text, PrintStream out) {
    this.text = text;
    this.out = out;
  }

  void skipBlanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  boolean atEnd() {
    return at >= text.length();
  }

  /** The character under the cursor, or 0 at the end. */
  char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
  }

  /** All that is before the cursor. */
  String before() {
    return text.substring(0, at);
  }

  void advance(int characters) {
    at += characters;
  }

  String rest() {
    String rest = text.substring(at);
    at = text.length();
    return rest;
  }

  /** The command's name: up to a blank or a slash-separated format. */
  String word() {
    int start = at;
    while (at < text.length() && !isBlank(text.charAt(at)) && text.charAt(at) != '/') {
      at++;
    }
    return text.substring(start, at);
  }

  /** Whether the cursor is on a blank. */
  boolean atBlank() {
    return !atEnd() && isBlank(text.charAt(at));
  }

  /** What is up to the next blank. */
  String toBlank() {
    int start = at;
    while (at < text.length() && !isBlank(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  /** The next string, or null where none can be read. */
  @Nullable String string() {
    skipBlanks();
    if (atEnd()) {
      return null;
    }
    if (text.charAt(at) != '"') {
      return toBlank();
    }
    at++;
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c == '\\') {
        char escape = at < text.length() ? text.charAt(at++) : 0;
        int unescaped = "nr\\'\"".indexOf(escape);
        if (escape == 0 || unescaped < 0) {
          out.println("unsupported escape code: '\\" + escape + "'");
          return null;
        }
        c = "\n\r\\'\"".charAt(unescaped);
      }
      string.append(c);
    }
    if (at >= text.length()) {
      out.println("unterminated string");
      return null;
    }
    at++;
    return string.toString();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
