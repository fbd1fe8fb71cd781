// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.gen;

import java.util.List;
import java.util.Map;

/** Writes trees of maps, lists, strings, booleans, numbers and nulls as JSON. Any thread. */
final class JsonText {
  /** Stands for null in trees. */
  static final Object NULL = new Object();

  private JsonText() {}

  static String of(Object tree) {
    StringBuilder text = new StringBuilder();
    append(text, tree);
    return text.append('\n').toString();
  }

  private static void append(StringBuilder text, Object tree) {
    switch (tree) {
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          text.append(separator);
          append(text, entry.getKey());
          text.append(": ");
          append(text, entry.getValue());
          separator = ", ";
        }
        text.append(map.isEmpty() ? "{}" : "}");
      }
      case List<?> list -> {
        String separator = "[";
        for (Object item : list) {
          text.append(separator);
          append(text, item);
          separator = ", ";
        }
        text.append(list.isEmpty() ? "[]" : "]");
      }
      case String string -> string(text, string);
      case Boolean bool -> text.append(bool);
      case Number number -> text.append(number);
      default -> text.append("null");
    }
  }

  private static void string(StringBuilder text, String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
