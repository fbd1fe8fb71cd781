// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

/** Patterns in which a star stands for any text and a question mark for one character. */
final class Globs {
  private Globs() {}

  /** Whether all of {@code text} matches. Any thread. */
  static boolean matches(String pattern, String text) {
    int at = 0;
    int star = -1;
    int resume = 0;
    int p = 0;
    while (at < text.length()) {
      char c = p < pattern.length() ? pattern.charAt(p) : '\0';
      if (c == '*') {
        star = p++;
        resume = at;
      } else if (p < pattern.length() && (c == '?' || c == text.charAt(at))) {
        p++;
        at++;
      } else if (star >= 0) {
        p = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
