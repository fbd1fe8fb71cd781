// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Map;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonDouble;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/**
 * Prints values in ASCII with QEMU's spacing, escapes, number format and member order. Used by one
 * thread.
 */
public final class JsonWriter {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(ISO_8859_1);
  private static final int INDENT = 4;
  private static final int KEEP_BYTES = 256 * 1024;

  private final boolean pretty;
  private final String newLine;
  private byte[] bytes = new byte[256];
  private int length;
  private int depth;

  /** {@code pretty}: a line per member and item, indented by four, lines separated by LF. */
  public JsonWriter(boolean pretty) {
    this(pretty, "\n");
  }

  private JsonWriter(boolean pretty, String newLine) {
    this.pretty = pretty;
    this.newLine = newLine;
  }

  /** A writer for a monitor: lines end with CR LF. */
  public static JsonWriter forMonitor(boolean pretty) {
    return new JsonWriter(pretty, "\r\n");
  }

  /** Ends the line. */
  public void endLine() {
    ascii(newLine);
  }

  /** The value in one line. */
  public static String toText(JsonValue value) {
    return print(value, false);
  }

  /** The value over several lines. */
  public static String toPrettyText(JsonValue value) {
    return print(value, true);
  }

  private static String print(JsonValue value, boolean pretty) {
    JsonWriter writer = new JsonWriter(pretty);
    writer.write(value);
    return new String(writer.bytes, 0, writer.length, ISO_8859_1);
  }

  /** Appends a value. */
  public void write(JsonValue value) {
    // No switch over types: its first use costs the greeting, and so each start, a millisecond or
    // two.
    if (value instanceof JsonObject object) {
      object(object);
    } else if (value instanceof JsonArray array) {
      array(array);
    } else if (value instanceof JsonString string) {
      string(string.value());
    } else if (value instanceof JsonInteger integer) {
      integer(integer);
    } else if (value instanceof JsonDouble number) {
      ascii(NumberText.of(number.value()));
    } else if (value instanceof JsonBool bool) {
      ascii(bool.value() ? "true" : "false");
    } else {
      ascii("null");
    }
  }

  /** What was written since the last {@link #clear}; valid up to {@link #length}. */
  public byte[] bytes() {
    return bytes;
  }

  /** Bytes written since the last {@link #clear}. */
  public int length() {
    return length;
  }

  /** Forgets the first {@code count} bytes. */
  public void drop(int count) {
    if (count == length) {
      clear();
    } else if (count > 0) {
      System.arraycopy(bytes, count, bytes, 0, length - count);
      length -= count;
    }
  }

  /** Forgets what was written, and the memory of an unusually large value. */
  public void clear() {
    length = 0;
    if (bytes.length > KEEP_BYTES) {
      bytes = new byte[KEEP_BYTES];
    }
  }

  private void object(JsonObject object) {
    open('{');
    if (!object.members().isEmpty()) {
      boolean first = true;
      for (Map.Entry<String, JsonValue> member : MemberOrder.sorted(object.members())) {
        separate(first);
        first = false;
        string(member.getKey());
        put(':');
        put(' ');
        write(member.getValue());
      }
    }
    close('}');
  }

  private void array(JsonArray array) {
    open('[');
    boolean first = true;
    for (JsonValue item : array.items()) {
      separate(first);
      first = false;
      write(item);
    }
    close(']');
  }

  private void open(char bracket) {
    put(bracket);
    depth++;
  }

  private void close(char bracket) {
    depth--;
    newLine();
    put(bracket);
  }

  private void separate(boolean first) {
    if (!first) {
      put(',');
      if (!pretty) {
        put(' ');
      }
    }
    newLine();
  }

  private void newLine() {
    if (pretty) {
      ascii(newLine);
      for (int i = 0; i < INDENT * depth; i++) {
        put(' ');
      }
    }
  }

  private void integer(JsonInteger integer) {
    ascii(
        integer.unsigned()
            ? Long.toUnsignedString(integer.value())
            : Long.toString(integer.value()));
  }

  private void string(String text) {
    put('"');
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
        put(c);
        at++;
      } else {
        int codePoint = text.codePointAt(at);
        escape(codePoint);
        at += Character.charCount(codePoint);
      }
    }
    put('"');
  }

  private void escape(int codePoint) {
    switch (codePoint) {
      case '"', '\\' -> shortEscape((char) codePoint);
      case '\b' -> shortEscape('b');
      case '\f' -> shortEscape('f');
      case '\n' -> shortEscape('n');
      case '\r' -> shortEscape('r');
      case '\t' -> shortEscape('t');
      default -> longEscape(ModifiedUtf8.isValid(codePoint) ? codePoint : 0xFFFD);
    }
  }

  private void shortEscape(char c) {
    put('\\');
    put(c);
  }

  private void longEscape(int codePoint) {
    if (Character.isBmpCodePoint(codePoint)) {
      unit(codePoint);
    } else {
      unit(Character.highSurrogate(codePoint));
      unit(Character.lowSurrogate(codePoint));
    }
  }

  private void unit(int utf16) {
    ascii("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      put((char) HEX[utf16 >> shift & 0xF]);
    }
  }

  private void ascii(String text) {
    int end = length + text.length();
    ensure(end);
    for (int i = 0; i < text.length(); i++) {
      bytes[length + i] = (byte) text.charAt(i);
    }
    length = end;
  }

  private void put(char c) {
    ensure(length + 1);
    bytes[length++] = (byte) c;
  }

  private void ensure(int needed) {
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
  }
}
