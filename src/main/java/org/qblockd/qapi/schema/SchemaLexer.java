// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a schema file into tokens; documentation comments are tokens, other comments vanish.
 * Confined to the thread that parses.
 */
final class SchemaLexer {

  /** What a token is; punctuation and keywords are told by their text. */
  enum Kind {
    PUNCTUATION,
    STRING,
    KEYWORD,
    DOC,
    END
  }

  /** A token and its place; of a documentation comment the lines without their {@code #}. */
  record Token(Kind kind, String text, Source source) {
    boolean is(char punctuation) {
      return kind == Kind.PUNCTUATION && text.charAt(0) == punctuation;
    }
  }

  private final String file;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;

  private SchemaLexer(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /** All tokens of a file, the last one of kind END. */
  static List<Token> tokens(String file, String text) throws SchemaException {
    SchemaLexer lexer = new SchemaLexer(file, text);
    while (lexer.position < text.length()) {
      lexer.step();
    }
    lexer.add(Kind.END, "end of file");
    return lexer.tokens;
  }

  private void step() throws SchemaException {
    char c = text.charAt(position);
    if (c == '\n') {
      line++;
      position++;
    } else if (c == ' ' || c == '\r') {
      position++;
    } else if (c == '#') {
      comment();
    } else if (c == '\'') {
      string();
    } else if ("{}[]:,".indexOf(c) >= 0) {
      add(Kind.PUNCTUATION, String.valueOf(c));
      position++;
    } else if (keyword("true") || keyword("false")) {
      return;
    } else {
      throw new SchemaException(here(), "stray " + (c == '\t' ? "tab" : "'" + c + "'"));
    }
  }

  private boolean keyword(String word) {
    if (!text.startsWith(word, position)) {
      return false;
    }
    add(Kind.KEYWORD, word);
    position += word.length();
    return true;
  }

  private void string() throws SchemaException {
    int end = position + 1;
    while (end < text.length() && text.charAt(end) != '\'') {
      char c = text.charAt(end);
      if (c < ' ' || c > '~' || c == '\\') {
        throw new SchemaException(here(), "a string may hold printable ASCII and no backslash");
      }
      end++;
    }
    if (end >= text.length()) {
      throw new SchemaException(here(), "missing terminating \"'\"");
    }
    add(Kind.STRING, text.substring(position + 1, end));
    position = end + 1;
  }

  private void comment() throws SchemaException {
    String first = restOfLine();
    if (!first.equals("##")) {
      return;
    }
    Source start = here();
    StringBuilder body = new StringBuilder();
    while (true) {
      position++;
      line++;
      String next = position < text.length() ? restOfLine() : "";
      if (next.equals("##")) {
        tokens.add(new Token(Kind.DOC, body.toString(), start));
        return;
      }
      if (!next.startsWith("#")) {
        throw new SchemaException(here(), "documentation comment must end with '##'");
      }
      body.append(next.startsWith("# ") ? next.substring(2) : next.substring(1)).append('\n');
    }
  }

  /** Takes the text up to the end of the line and leaves the position on the newline. */
  private String restOfLine() {
    int end = text.indexOf('\n', position);
    int stop = end < 0 ? text.length() : end;
    String rest = text.substring(position, stop);
    position = stop;
    return rest.stripTrailing();
  }

  private void add(Kind kind, String value) {
    tokens.add(new Token(kind, value, here()));
  }

  private Source here() {
    return new Source(file, line);
  }
}
