// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.qblockd.qapi.json.JsonStream.Complete;
import org.qblockd.qapi.json.JsonStream.Malformed;
import org.qblockd.qapi.json.JsonStream.Message;

/** Inputs are given byte by char; the expected answers were asked from QEMU 10.0.2. */
final class JsonStreamTest {
  private static final String PARSE = "! JSON parse error, ";

  static Stream<Arguments> inputs() {
    return Stream.of(framing(), numbers(), structure(), strings(), strays(), limits())
        .flatMap(rows -> rows);
  }

  private static Stream<Arguments> framing() {
    return Stream.of(
        row("{}", "{}"),
        row("{}{}\n[]", "{}", "{}", "[]"),
        row("1"),
        row("1 ", "1"),
        row("null\n", "null"),
        row("1}", "1", PARSE + "expecting value"),
        row("'it'\"x\"", "\"it\"", "\"x\""),
        row("{'a':\"b'c\"}", "{\"a\": \"b'c\"}"));
  }

  private static Stream<Arguments> numbers() {
    return Stream.of(
        row("-0 ", "0"),
        row("-0.0 ", "-0"),
        row("9223372036854775807 ", "9223372036854775807"),
        row("-9223372036854775808 ", "-9223372036854775808"),
        row("18446744073709551615 ", "18446744073709551615"),
        row("18446744073709551616 ", "1.8446744073709552e+19"),
        row("-9223372036854775809 ", "-9.2233720368547758e+18"),
        row(
            "1e3 1.5 1e-7 1e999 0.1 ",
            "1000",
            "1.5",
            "9.9999999999999995e-08",
            "inf",
            "0.10000000000000001"),
        row("01 {}", PARSE + "stray '01'", "{}"),
        row("0e1 ", "0", PARSE + "invalid keyword 'e'", "1"),
        row("0x12 ", "0", PARSE + "invalid keyword 'x'", "12"),
        row(".5 {}", PARSE + "stray '.'", "{}"),
        row("+1 ", PARSE + "stray '+'"),
        row("-a ", PARSE + "stray '-a'"),
        row("1.a", PARSE + "stray '1.a'"),
        row("1ea", PARSE + "stray '1ea'"),
        row("1e+\n", PARSE + "stray '1e+\n'"));
  }

  private static Stream<Arguments> structure() {
    return Stream.of(
        row("{\"a\":}", PARSE + "expecting value"),
        row("{\"a\" 1}", PARSE + "missing : in object pair"),
        row("{1:2}", PARSE + "key is not a string in object"),
        row("{[1]:2}", PARSE + "key is not a string in object"),
        row("{\"a\":1,}", PARSE + "expecting value"),
        row("[1,]", PARSE + "expecting value"),
        row("[1 2]", PARSE + "expected separator in list"),
        row("{\"a\":1 \"b\"}", PARSE + "expected separator in dict"),
        row("{\"a\":1]", PARSE + "expected separator in dict"),
        row("{]", PARSE + "expecting value"),
        row(
            "}:,]",
            PARSE + "expecting value",
            PARSE + "expecting value",
            PARSE + "expecting value",
            PARSE + "expecting value"),
        row("{\"a\":1,\"a\":2}", PARSE + "duplicate key"),
        row("{\"a\":nope}", PARSE + "invalid keyword 'nope'"));
  }

  private static Stream<Arguments> strings() {
    return Stream.of(
        row("\"\\x\"", PARSE + "invalid escape sequence in string"),
        row("\"\\\u00C3\u00A9\"", PARSE + "invalid escape sequence in string"),
        row("\"\\u12\"", PARSE + "\\u12\" is not a valid Unicode character"),
        row("\"\\u12g4\"", PARSE + "\\u12g4 is not a valid Unicode character"),
        row("\"\\u1\u00C3\u00A9\"", PARSE + "\\u1\u00E9\" is not a valid Unicode character"),
        row(
            "\"\\u123\u00E2\u0082\u00AC\"",
            PARSE + "\\u123\uFFFD is not a valid Unicode character"),
        row("\"\\ud800\\u0041\"", PARSE + "\\ud800 is not a valid Unicode character"),
        row("\"\\udc00\"", PARSE + "\\udc00 is not a valid Unicode character"),
        row("\"\\uffff\"", PARSE + "\\uffff is not a valid Unicode character"),
        row("\"\\ud83d\\ude00\\u0000\\/\"", "\"\\uD83D\\uDE00\\u0000/\""),
        row("\"\u00C0\u0080\u007F\"", "\"\\u0000\\u007F\""),
        row("\"\u00C3\"", PARSE + "invalid UTF-8 sequence in string"),
        row("\"\u00EF\u00BF\u00BF\"", PARSE + "invalid UTF-8 sequence in string"),
        row("\"\u00ED\u00A0\u0080\"", PARSE + "invalid UTF-8 sequence in string"),
        row("\"100%\"", "\"100%\""));
  }

  /** Lexical errors, and where the next message may begin. */
  private static Stream<Arguments> strays() {
    return Stream.of(
        row("%", PARSE + "stray '%'"),
        row("A 1 '1' {}", PARSE + "stray 'A'", "{}"),
        row("A[1]", PARSE + "stray 'A'", "[1]"),
        row("A:1 ", PARSE + "stray 'A'", PARSE + "expecting value", "1"),
        row("A(1) 2 %\t3 ", PARSE + "stray 'A'"),
        row(
            "%\n%\r%\u000B%",
            PARSE + "stray '%'",
            PARSE + "stray '%'",
            PARSE + "stray '%'",
            PARSE + "stray '\u000B'"),
        row("\u0000{}", PARSE + "stray ''", "{}"),
        row("\u00FF{}", PARSE + "stray '\uFFFD'", "{}"),
        row("A\u00FE1 \n", PARSE + "stray 'A'", PARSE + "stray '\uFFFD'"),
        row("\"\\\n{}", PARSE + "stray '\"\\\n'", "{}"),
        row(
            "{\"a\nb\":1}",
            PARSE + "stray '\"a\n'",
            PARSE + "expecting value",
            "1",
            PARSE + "expecting value"),
        row("\"abc\u00F8\u0088\u0080\u0080\u0080\u00FF", PARSE + "stray '\"abc\uFFFD\uFFFD'"),
        row("\"abc\u00C3(\u00FF", PARSE + "stray '\"abc\uFFFD(\uFFFD'"));
  }

  private static Stream<Arguments> limits() {
    return Stream.of(
        row("[".repeat(1024) + "]".repeat(1024), "[".repeat(1024) + "]".repeat(1024)),
        row("[".repeat(1025) + "1 ", "! JSON nesting depth limit exceeded", "1"),
        row(
            "a".repeat(1100) + " ",
            PARSE + "invalid keyword '" + "a".repeat(1023 - "invalid keyword '".length())));
  }

  private static Arguments row(String input, String... messages) {
    return Arguments.of(input, List.of(messages));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void answersAsQemuDoes(String input, List<String> messages) {
    byte[] bytes = input.getBytes(ISO_8859_1);
    assertThat(messages(bytes, bytes.length)).isEqualTo(messages);
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void isIndifferentToPackets(String input, List<String> messages) {
    byte[] bytes = input.getBytes(ISO_8859_1);
    for (int split = 0; split <= Math.min(bytes.length, 64); split++) {
      JsonStream stream = new JsonStream();
      List<String> read = read(stream, Arrays.copyOf(bytes, split));
      read.addAll(read(stream, Arrays.copyOfRange(bytes, split, bytes.length)));
      assertThat(read).as("split at %d", split).isEqualTo(messages);
    }
    assertThat(messages(bytes, 1)).isEqualTo(messages);
  }

  @Test
  void limitsTheNumberOfTokens() {
    byte[] bytes = ("[" + "1,".repeat(JsonStream.MAX_TOKENS / 2) + "1 ").getBytes(ISO_8859_1);
    assertThat(messages(bytes, bytes.length))
        .containsExactly("! JSON token count limit exceeded", "1");
  }

  @Test
  void limitsTheLengthOfAToken() {
    JsonStream stream = new JsonStream();
    byte[] part = "x".repeat(1 << 20).getBytes(ISO_8859_1);
    assertThat(read(stream, new byte[] {'"'})).isEmpty();
    for (int i = 0; i < 63; i++) {
      assertThat(read(stream, part)).isEmpty();
    }
    assertThat(read(stream, part)).containsExactly("! JSON token size limit exceeded");
    assertThat(read(stream, " {}".getBytes(ISO_8859_1))).contains("{}");
  }

  @Test
  void limitsTheLengthOfAMessage() {
    JsonStream stream = new JsonStream();
    byte[] part = ("'" + "x".repeat((1 << 20) - 2) + "',").getBytes(ISO_8859_1);
    List<String> read = read(stream, new byte[] {'['});
    for (int i = 0; i < 65 && read.isEmpty(); i++) {
      read.addAll(read(stream, part));
    }
    assertThat(read).first().isEqualTo("! JSON token size limit exceeded");
  }

  @Test
  void parsesOneValueOfAText() throws JsonSyntaxException {
    assertThat(JsonWriter.toText(JsonStream.parse(" {'a': [1, true]} ")))
        .isEqualTo("{\"a\": [1, true]}");
    assertThat(JsonWriter.toText(JsonStream.parse("17"))).isEqualTo("17");
  }

  @Test
  void refusesTextsThatAreNotOneValue() {
    assertRefused("", "Expecting a JSON value");
    assertRefused("1 2", "Expecting at most one JSON value");
    assertRefused("{'a'", "JSON parse error, premature EOI");
    assertRefused("{'a': 1", "JSON parse error, premature EOI");
    assertRefused("nope", "JSON parse error, invalid keyword 'nope'");
  }

  @Test
  void refusesAStringThatDoesNotEnd() {
    assertRefused("{\"x", "JSON parse error, stray '\"x'");
  }

  private static void assertRefused(String text, String description) {
    assertThatThrownBy(() -> JsonStream.parse(text))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessage(description);
  }

  private static List<String> messages(byte[] bytes, int packet) {
    JsonStream stream = new JsonStream();
    List<String> messages = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += packet) {
      messages.addAll(
          read(stream, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + packet))));
    }
    return messages;
  }

  private static List<String> read(JsonStream stream, byte[] bytes) {
    List<String> messages = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      at = stream.feed(bytes, at, bytes.length);
      String message = text(stream.take());
      if (message != null) {
        messages.add(message);
      }
    }
    return messages;
  }

  private static @Nullable String text(@Nullable Message message) {
    return switch (message) {
      case null -> null;
      case Complete complete -> JsonWriter.toText(complete.value());
      case Malformed malformed -> "! " + malformed.description();
    };
  }
}
