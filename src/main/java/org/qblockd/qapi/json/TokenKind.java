// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

/** What the lexer finds in a QMP stream. Immutable; any thread. */
enum TokenKind {
  LEFT_BRACE,
  RIGHT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACKET,
  COLON,
  COMMA,
  INTEGER,
  FLOAT,
  KEYWORD,
  STRING,
  /** Bytes that begin no token; the lexer skips to the next control character after them. */
  STRAY,
  /** A token that grew beyond {@link JsonLexer#MAX_TOKEN_BYTES} before its end was seen. */
  OVERSIZE
}
