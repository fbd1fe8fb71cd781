// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value for comparing. Numbers keep their text, so that 64-bit integers stay exact.
 * Immutable; any thread.
 */
sealed interface Json {

  /** An object; members in the order in which they were written. */
  record Obj(Map<String, Json> members) implements Json {
    Optional<Json> get(String name) {
      return Optional.ofNullable(members.get(name));
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {}

  /** A string. */
  record Str(String value) implements Json {}

  /** A number in the text in which it was written. */
  record Num(String text) implements Json {
    boolean isInteger() {
      return text.matches("-?[0-9]+");
    }
  }

  /** true, false or null. */
  record Word(String text) implements Json {}

  /** Writes the value in one line, spaced as QMP spaces it, in ASCII. */
  default String write() {
    StringBuilder out = new StringBuilder();
    writeTo(out);
    return out.toString();
  }

  private void writeTo(StringBuilder out) {
    switch (this) {
      case Obj object -> {
        String separator = "";
        out.append('{');
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
          out.append(separator);
          quote(member.getKey(), out);
          out.append(": ");
          member.getValue().writeTo(out);
          separator = ", ";
        }
        out.append('}');
      }
      case Arr array -> {
        String separator = "";
        out.append('[');
        for (Json item : array.items()) {
          out.append(separator);
          item.writeTo(out);
          separator = ", ";
        }
        out.append(']');
      }
      case Str string -> quote(string.value(), out);
      case Num number -> out.append(number.text());
      case Word word -> out.append(word.text());
    }
  }

  private static void quote(String value, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c > '~') {
            out.append(String.format("\\u%04X", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
