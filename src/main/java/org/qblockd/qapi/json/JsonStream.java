// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a QMP client, split in any way, into messages. After an error it goes on as
 * QEMU does: the tokens seen so far are forgotten and the next byte may begin a new message. Used
 * by one thread.
 */
public final class JsonStream {
  /** Limit of the bytes of all tokens of a message. */
  static final int MAX_MESSAGE_BYTES = 64 << 20;

  /** Limit of the number of tokens of a message. */
  static final int MAX_TOKENS = 2 << 20;

  /** Limit of open braces and brackets. */
  static final int MAX_NESTING = 1 << 10;

  /** What a stream holds: values and errors, in the order of the bytes that complete them. */
  public sealed interface Message {}

  /** A complete value, of any type. */
  public record Complete(JsonValue value) implements Message {}

  /** Bytes that are not JSON; {@code description} is QEMU's sentence. */
  public record Malformed(String description) implements Message {}

  private final TokenBuffer tokens = new TokenBuffer();
  private final JsonLexer lexer = new JsonLexer(tokens);
  private int braces;
  private int brackets;
  private @Nullable Message message;

  /**
   * Reads bytes until a message is complete, which {@link #take} then gives, or all are read.
   *
   * @return the index of the first byte that was not read
   */
  public int feed(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && message == null) {
      at = lexer.scan(bytes, at, to);
      acceptFound();
    }
    return at;
  }

  /** The message that {@link #feed} completed, once; null when there is none. */
  public @Nullable Message take() {
    Message taken = message;
    message = null;
    return taken;
  }

  /** The one value that a text spells, as for options given in JSON. */
  public static JsonValue parse(String text) throws JsonSyntaxException {
    byte[] bytes = text.getBytes(UTF_8);
    JsonStream stream = new JsonStream();
    JsonValue value = null;
    int at = 0;
    boolean more = true;
    while (more) {
      more = at < bytes.length;
      at = stream.feed(bytes, at, bytes.length);
      if (!more) {
        stream.finish();
      }
      Message message = stream.take();
      more |= message != null;
      if (message != null && value != null) {
        throw new JsonSyntaxException("Expecting at most one JSON value");
      }
      if (message instanceof Malformed malformed) {
        throw new JsonSyntaxException(malformed.description());
      }
      if (message instanceof Complete complete) {
        value = complete.value();
      }
    }
    if (value == null) {
      throw new JsonSyntaxException("Expecting a JSON value");
    }
    return value;
  }

  private void finish() {
    lexer.finish();
    acceptFound();
    if (message == null && tokens.count() > 0) {
      parseTokens();
    }
  }

  private void acceptFound() {
    TokenKind kind = lexer.found();
    if (kind != null) {
      accept(kind);
    }
  }

  private void accept(TokenKind kind) {
    countNesting(kind);
    if (kind == TokenKind.STRAY) {
      String stray = ModifiedUtf8.decodeLenient(tokens.bytes(), tokens.openFrom(), tokens.openTo());
      fail("JSON parse error, stray '" + stray + "'");
    } else if ((long) tokens.completeLength() + tokens.openLength() + 1 > MAX_MESSAGE_BYTES) {
      fail("JSON token size limit exceeded");
    } else if (tokens.count() == MAX_TOKENS) {
      fail("JSON token count limit exceeded");
    } else if (braces + brackets > MAX_NESTING) {
      fail("JSON nesting depth limit exceeded");
    } else {
      tokens.complete(kind);
      boolean open = braces > 0 || brackets > 0;
      boolean unbalanced = braces < 0 || brackets < 0;
      if (!open || unbalanced) {
        parseTokens();
      }
    }
  }

  private void countNesting(TokenKind kind) {
    switch (kind) {
      case LEFT_BRACE -> braces++;
      case RIGHT_BRACE -> braces--;
      case LEFT_BRACKET -> brackets++;
      case RIGHT_BRACKET -> brackets--;
      case COLON, COMMA, INTEGER, FLOAT, KEYWORD, STRING, STRAY, OVERSIZE -> {}
    }
  }

  private void parseTokens() {
    Message parsed;
    try {
      parsed = new Complete(JsonParser.parse(tokens));
    } catch (JsonSyntaxException e) {
      parsed = new Malformed(e.description());
    }
    finishMessage(parsed);
  }

  private void fail(String description) {
    finishMessage(new Malformed(description));
  }

  private void finishMessage(Message finished) {
    message = finished;
    braces = 0;
    brackets = 0;
    tokens.clear();
  }
}
