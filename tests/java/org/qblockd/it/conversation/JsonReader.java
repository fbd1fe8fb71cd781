// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON value from a line; strict. One thread per reader. */
final class JsonReader {
  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * Parses a whole line.
   *
   * @throws IllegalArgumentException when it is not exactly one JSON value
   */
  static Json parse(String line) {
    JsonReader reader = new JsonReader(line);
    Json value = reader.value();
    reader.blanks();
    if (reader.at != line.length()) {
      throw reader.error("text after the value");
    }
    return value;
  }

  private Json value() {
    blanks();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> new Json.Str(string());
      default -> scalar();
    };
  }

  private Json object() {
    Map<String, Json> members = new LinkedHashMap<>();
    at++;
    if (closes('}')) {
      return new Json.Obj(members);
    }
    do {
      blanks();
      String name = string();
      blanks();
      take(':');
      if (members.put(name, value()) != null) {
        throw error("member twice: " + name);
      }
    } while (another('}'));
    return new Json.Obj(members);
  }

  private Json array() {
    List<Json> items = new ArrayList<>();
    at++;
    if (closes(']')) {
      return new Json.Arr(items);
    }
    do {
      items.add(value());
    } while (another(']'));
    return new Json.Arr(items);
  }

  private boolean closes(char end) {
    blanks();
    if (peek() == end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean another(char end) {
    blanks();
    if (peek() == ',') {
      at++;
      return true;
    }
    take(end);
    return false;
  }

  private Json scalar() {
    int start = at;
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    if (word.equals("true") || word.equals("false") || word.equals("null")) {
      return new Json.Word(word);
    }
    if (word.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
      return new Json.Num(word);
    }
    throw error("no JSON value: '" + word + "'");
  }

  private String string() {
    take('"');
    StringBuilder value = new StringBuilder();
    while (peek() != '"') {
      char c = text.charAt(at++);
      value.append(c == '\\' ? escape() : c);
    }
    at++;
    return value.toString();
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> c;
      case 'u' -> {
        if (at + 4 > text.length()) {
          throw error("short \\u");
        }
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw error("escape \\" + c);
    };
  }

  private void take(char expected) {
    if (peek() != expected) {
      throw error("expected " + expected);
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw error("ends too early");
    }
    return text.charAt(at);
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " at column " + at + " of: " + text);
  }
}
