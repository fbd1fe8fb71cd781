// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line at blanks outside of quotes, braces and brackets. Quotes are kept inside of JSON
 * and taken off otherwise. Immutable.
 *
 * @param words the words; the last one is what is being typed
 * @param open whether a quote, brace or bracket is still open
 */
record Words(List<String> words, boolean open) {

  /** Splits; when the line ends with a blank, the last word is empty. */
  static Words of(String line) {
    Splitter splitter = new Splitter();
    for (int i = 0; i < line.length(); i++) {
      splitter.take(line.charAt(i));
    }
    splitter.words.add(splitter.word.toString());
    return new Words(splitter.words, splitter.depth > 0 || splitter.quote != 0);
  }

  /** The words that are not empty. */
  List<String> full() {
    return words.stream().filter(word -> !word.isEmpty()).toList();
  }

  private static final class Splitter {
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int depth;
    private char quote;
    private boolean escaped;

    void take(char c) {
      if (quote != 0) {
        inQuote(c);
      } else if (c == '"' || c == '\'') {
        quote = c;
        keepInJson(c);
      } else if (Character.isWhitespace(c) && depth == 0) {
        words.add(word.toString());
        word.setLength(0);
      } else {
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        word.append(c);
      }
    }

    private void inQuote(char c) {
      if (escaped) {
        escaped = false;
        word.append(c);
      } else if (c == '\\') {
        escaped = true;
        keepInJson(c);
      } else if (c == quote) {
        quote = 0;
        keepInJson(c);
      } else {
        word.append(c);
      }
    }

    private void keepInJson(char c) {
      if (depth > 0) {
        word.append(c);
      }
    }
  }
}
