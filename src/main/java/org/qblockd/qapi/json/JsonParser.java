// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonDouble;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonNull;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** Makes a value of the tokens of one message, with QEMU's error sentences. Used by one thread. */
final class JsonParser {
  /** QEMU formats a parse error in a buffer of 1024 bytes with a NUL. */
  private static final int MAX_ERROR_BYTES = 1023;

  private static final JsonBool TRUE = new JsonBool(true);
  private static final JsonBool FALSE = new JsonBool(false);

  private final TokenBuffer tokens;
  private int next;

  private JsonParser(TokenBuffer tokens) {
    this.tokens = tokens;
  }

  /** The value that the tokens spell. */
  static JsonValue parse(TokenBuffer tokens) throws JsonSyntaxException {
    return new JsonParser(tokens).value();
  }

  private int take() throws JsonSyntaxException {
    if (next == tokens.count()) {
      throw error("premature EOI");
    }
    return next++;
  }

  private boolean nextIs(TokenKind kind) {
    return next < tokens.count() && tokens.kind(next) == kind;
  }

  private JsonValue value() throws JsonSyntaxException {
    int token = take();
    return switch (tokens.kind(token)) {
      case LEFT_BRACE -> object();
      case LEFT_BRACKET -> array();
      case STRING -> new JsonString(string(token));
      case INTEGER -> integer(text(token));
      case FLOAT -> new JsonDouble(Double.parseDouble(text(token)));
      case KEYWORD -> keyword(token);
      case RIGHT_BRACE, RIGHT_BRACKET, COLON, COMMA, STRAY, OVERSIZE ->
          throw error("expecting value");
    };
  }

  private JsonObject object() throws JsonSyntaxException {
    if (nextIs(TokenKind.RIGHT_BRACE)) {
      next++;
      return JsonObject.EMPTY;
    }
    Map<String, JsonValue> members = new LinkedHashMap<>();
    TokenKind separator = TokenKind.COMMA;
    while (separator != TokenKind.RIGHT_BRACE) {
      if (separator != TokenKind.COMMA) {
        throw error("expected separator in dict");
      }
      member(members);
      separator = tokens.kind(take());
    }
    return new JsonObject(Collections.unmodifiableMap(members));
  }

  private void member(Map<String, JsonValue> members) throws JsonSyntaxException {
    if (!(value() instanceof JsonString name)) {
      throw error("key is not a string in object");
    }
    if (tokens.kind(take()) != TokenKind.COLON) {
      throw error("missing : in object pair");
    }
    JsonValue value = value();
    if (members.putIfAbsent(name.value(), value) != null) {
      throw error("duplicate key");
    }
  }

  private JsonArray array() throws JsonSyntaxException {
    if (nextIs(TokenKind.RIGHT_BRACKET)) {
      next++;
      return new JsonArray(List.of());
    }
    List<JsonValue> items = new ArrayList<>();
    TokenKind separator = TokenKind.COMMA;
    while (separator != TokenKind.RIGHT_BRACKET) {
      if (separator != TokenKind.COMMA) {
        throw error("expected separator in list");
      }
      items.add(value());
      separator = tokens.kind(take());
    }
    return new JsonArray(Collections.unmodifiableList(items));
  }

  private JsonValue keyword(int token) throws JsonSyntaxException {
    String word = text(token);
    return switch (word) {
      case "true" -> TRUE;
      case "false" -> FALSE;
      case "null" -> JsonNull.NULL;
      default -> throw error("invalid keyword '" + word + "'");
    };
  }

  /** A 64-bit integer, signed or unsigned, where one holds the number; else the nearest double. */
  private static JsonValue integer(String digits) {
    try {
      return new JsonInteger(Long.parseLong(digits));
    } catch (NumberFormatException beyondSigned) {
      return largeInteger(digits);
    }
  }

  private static JsonValue largeInteger(String digits) {
    if (digits.startsWith("-")) {
      return new JsonDouble(Double.parseDouble(digits));
    }
    try {
      return new JsonInteger(Long.parseUnsignedLong(digits), true);
    } catch (NumberFormatException beyondUnsigned) {
      return new JsonDouble(Double.parseDouble(digits));
    }
  }

  private String string(int token) throws JsonSyntaxException {
    byte[] bytes = tokens.bytes();
    int from = tokens.from(token) + 1;
    int to = tokens.to(token) - 1;
    int at = from;
    while (at < to && bytes[at] > 0 && bytes[at] != '\\') {
      at++;
    }
    if (at == to) {
      return new String(bytes, from, to - from, ISO_8859_1);
    }
    StringBuilder text = new StringBuilder(to - from);
    text.append(new String(bytes, from, at - from, ISO_8859_1));
    while (at < to) {
      at = bytes[at] == '\\' ? escape(bytes, at, to, text) : character(bytes, at, to, text);
    }
    return text.toString();
  }

  private static int character(byte[] bytes, int from, int to, StringBuilder text)
      throws JsonSyntaxException {
    int end = ModifiedUtf8.sequenceEnd(bytes, from, to);
    int codePoint = ModifiedUtf8.decode(bytes, from, end);
    if (codePoint == ModifiedUtf8.INVALID) {
      throw error("invalid UTF-8 sequence in string");
    }
    text.appendCodePoint(codePoint);
    return end;
  }

  private static int escape(byte[] bytes, int from, int to, StringBuilder text)
      throws JsonSyntaxException {
    byte kind = bytes[from + 1];
    switch (kind) {
      case '"', '\'', '\\', '/' -> text.append((char) kind);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        return unicodeEscape(bytes, from, to, text);
      }
      default -> throw error("invalid escape sequence in string");
    }
    return from + 2;
  }

  private static int unicodeEscape(byte[] bytes, int from, int to, StringBuilder text)
      throws JsonSyntaxException {
    int end = from + 6;
    int codePoint = fourDigits(bytes, from + 2, to);
    boolean leading = codePoint >= 0xD800 && codePoint <= 0xDBFF;
    if (leading && end + 1 < to && bytes[end] == '\\' && bytes[end + 1] == 'u') {
      int trailing = fourDigits(bytes, end + 2, to);
      if (trailing >= 0xDC00 && trailing <= 0xDFFF) {
        codePoint = Character.toCodePoint((char) codePoint, (char) trailing);
        end += 6;
      }
    }
    if (!ModifiedUtf8.isValid(codePoint)) {
      // QEMU quotes six bytes even where the string ends before, but nothing behind its quote.
      String escape = ModifiedUtf8.decodeLenient(bytes, from, Math.min(end, to + 1));
      throw error(escape + " is not a valid Unicode character");
    }
    text.appendCodePoint(codePoint);
    return end;
  }

  /** Four hexadecimal digits; negative where they are not. */
  private static int fourDigits(byte[] bytes, int from, int to) {
    if (from + 4 > to) {
      return -1;
    }
    int number = 0;
    for (int at = from; at < from + 4; at++) {
      int digit = Character.digit(bytes[at], 16);
      if (digit < 0) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return number;
  }

  private String text(int token) {
    int from = tokens.from(token);
    return new String(tokens.bytes(), from, tokens.to(token) - from, ISO_8859_1);
  }

  private static JsonSyntaxException error(String what) {
    String sentence = what;
    byte[] bytes = what.getBytes(UTF_8);
    if (bytes.length > MAX_ERROR_BYTES) {
      byte[] cut = Arrays.copyOf(bytes, MAX_ERROR_BYTES);
      sentence = ModifiedUtf8.decodeLenient(cut, 0, cut.length);
    }
    return new JsonSyntaxException("JSON parse error, " + sentence);
  }
}
