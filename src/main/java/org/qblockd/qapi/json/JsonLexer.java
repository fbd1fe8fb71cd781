// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import org.jspecify.annotations.Nullable;

/**
 * Splits a byte stream into JSON tokens as QEMU does: single-quoted strings are strings, numbers
 * and keywords end at the first byte that does not belong to them, and after a stray byte
 * everything is skipped up to a byte that ends the damage: punctuation, a control character other
 * than the tab, 0xFE or 0xFF. Used by one thread.
 */
final class JsonLexer {
  /** Longest token, in bytes. */
  static final int MAX_TOKEN_BYTES = 64 << 20;

  private enum State {
    START,
    SKIP,
    STRING,
    STRING_ESCAPE,
    SIGN,
    ZERO,
    DIGITS,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS,
    KEYWORD
  }

  private final TokenBuffer buffer;
  private State state = State.START;
  private byte quote;

  /** While the end of the input is taken for a byte that belongs to no token. */
  private boolean ending;

  private @Nullable TokenKind found;

  JsonLexer(TokenBuffer buffer) {
    this.buffer = buffer;
  }

  /** The kind of the token that the last scan ended with; its bytes are the buffer's open ones. */
  @Nullable TokenKind found() {
    return found;
  }

  /** Reads until a token ends or the bytes do; returns where it stopped. */
  int scan(byte[] bytes, int from, int to) {
    found = null;
    int at = from;
    while (at < to && found == null) {
      if (state == State.STRING) {
        at = scanString(bytes, at, to);
      } else if (step(bytes[at])) {
        at++;
      }
      if (found == null && buffer.openLength() > MAX_TOKEN_BYTES) {
        end(TokenKind.OVERSIZE);
      }
    }
    return at;
  }

  /** Ends the token that the end of the input completes, if there is one. */
  void finish() {
    found = null;
    if (state == State.SKIP) {
      state = State.START;
    } else if (state != State.START) {
      ending = true;
      step((byte) 0);
      ending = false;
      if (found == TokenKind.STRAY) {
        state = State.START;
      }
    }
  }

  private int scanString(byte[] bytes, int from, int to) {
    int at = from;
    int limit = (int) Math.min(to, (long) from + MAX_TOKEN_BYTES + 1 - buffer.openLength());
    while (at < limit && bytes[at] != quote && bytes[at] != '\\' && isText(bytes[at])) {
      at++;
    }
    buffer.append(bytes, from, at);
    if (at == limit) {
      return at;
    }
    byte b = bytes[at];
    buffer.append(b);
    if (b == quote) {
      end(TokenKind.STRING);
    } else if (b == '\\') {
      state = State.STRING_ESCAPE;
    } else {
      stray();
    }
    return at + 1;
  }

  /** Takes one byte; false when the byte ended a token without belonging to it. */
  private boolean step(byte b) {
    return switch (state) {
      case START -> start(b);
      case SKIP -> skip(b);
      // Only at the end of the input: otherwise strings are scanned as a whole.
      case STRING -> takeStray(b);
      case STRING_ESCAPE -> isText(b) ? take(b, State.STRING) : takeStray(b);
      case SIGN -> sign(b);
      case ZERO -> zero(b);
      case DIGITS -> digits(b);
      case POINT -> isDigit(b) ? take(b, State.FRACTION) : takeStray(b);
      case FRACTION -> fraction(b);
      case EXPONENT -> exponent(b);
      case EXPONENT_SIGN -> isDigit(b) ? take(b, State.EXPONENT_DIGITS) : takeStray(b);
      case EXPONENT_DIGITS ->
          isDigit(b) ? take(b, State.EXPONENT_DIGITS) : endBefore(TokenKind.FLOAT);
      case KEYWORD -> b >= 'a' && b <= 'z' ? take(b, State.KEYWORD) : endBefore(TokenKind.KEYWORD);
    };
  }

  private boolean start(byte b) {
    return switch (b) {
      case ' ', '\t', '\r', '\n' -> true;
      case '{' -> takeWhole(b, TokenKind.LEFT_BRACE);
      case '}' -> takeWhole(b, TokenKind.RIGHT_BRACE);
      case '[' -> takeWhole(b, TokenKind.LEFT_BRACKET);
      case ']' -> takeWhole(b, TokenKind.RIGHT_BRACKET);
      case ':' -> takeWhole(b, TokenKind.COLON);
      case ',' -> takeWhole(b, TokenKind.COMMA);
      case '"', '\'' -> {
        quote = b;
        yield take(b, State.STRING);
      }
      case '-' -> take(b, State.SIGN);
      case '0' -> take(b, State.ZERO);
      default -> {
        if (isDigit(b)) {
          yield take(b, State.DIGITS);
        }
        yield b >= 'a' && b <= 'z' ? take(b, State.KEYWORD) : takeStray(b);
      }
    };
  }

  private boolean skip(byte b) {
    boolean ends =
        switch (b) {
          case '{', '}', '[', ']', ':', ',' -> true;
          case '\t' -> false;
          default -> !isText(b);
        };
    if (ends) {
      state = State.START;
    }
    return !ends;
  }

  private boolean sign(byte b) {
    if (b == '0') {
      return take(b, State.ZERO);
    }
    return isDigit(b) ? take(b, State.DIGITS) : takeStray(b);
  }

  private boolean zero(byte b) {
    if (b == '.') {
      return take(b, State.POINT);
    }
    return isDigit(b) ? takeStray(b) : endBefore(TokenKind.INTEGER);
  }

  private boolean digits(byte b) {
    return switch (b) {
      case '.' -> take(b, State.POINT);
      case 'e', 'E' -> take(b, State.EXPONENT);
      default -> isDigit(b) ? take(b, State.DIGITS) : endBefore(TokenKind.INTEGER);
    };
  }

  private boolean fraction(byte b) {
    return switch (b) {
      case 'e', 'E' -> take(b, State.EXPONENT);
      default -> isDigit(b) ? take(b, State.FRACTION) : endBefore(TokenKind.FLOAT);
    };
  }

  private boolean exponent(byte b) {
    if (b == '-' || b == '+') {
      return take(b, State.EXPONENT_SIGN);
    }
    return isDigit(b) ? take(b, State.EXPONENT_DIGITS) : takeStray(b);
  }

  private boolean take(byte b, State next) {
    buffer.append(b);
    state = next;
    return true;
  }

  private boolean takeWhole(byte b, TokenKind kind) {
    buffer.append(b);
    end(kind);
    return true;
  }

  private boolean takeStray(byte b) {
    if (!ending) {
      buffer.append(b);
    }
    stray();
    return true;
  }

  private boolean endBefore(TokenKind kind) {
    end(kind);
    return false;
  }

  private void end(TokenKind kind) {
    found = kind;
    state = State.START;
  }

  private void stray() {
    found = TokenKind.STRAY;
    state = State.SKIP;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Not a control character, and not one of the bytes that UTF-8 never has: 0x20 to 0xFD. */
  private static boolean isText(byte b) {
    return b >= 0x20 || (b < 0 && b < (byte) 0xFE);
  }
}
