// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qblockd.qapi.schema.SchemaLexer.Kind;
import org.qblockd.qapi.schema.SchemaLexer.Token;

/**
 * Reads a schema file and what it includes into expressions, each with the documentation comment
 * before it. Confined to the thread that parses.
 */
final class SchemaParser {

  /** One top-level expression: the module (file name without ending) and its comment. */
  record Entry(String module, Optional<String> doc, SchemaNode.Obj node) {}

  private final Map<Path, List<Entry>> files;
  private final Pragma pragma;
  private final List<Entry> entries = new ArrayList<>();
  private final Path path;
  private final String module;
  private final List<Token> tokens;
  private int position;

  private SchemaParser(Path path, Pragma pragma, Map<Path, List<Entry>> files)
      throws IOException, SchemaException {
    this.path = path;
    this.files = files;
    this.pragma = pragma;
    files.put(path, entries);
    String name = fileName(path);
    this.module = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    this.tokens = SchemaLexer.tokens(path.toString(), Files.readString(path));
  }

  /**
   * All expressions of {@code main} and its includes, file by file; includes count once. A file
   * stands before those that it includes first, as introspection lists them.
   */
  static List<Entry> parse(Path main, Pragma pragma) throws IOException, SchemaException {
    Map<Path, List<Entry>> files = new LinkedHashMap<>();
    new SchemaParser(main.normalize(), pragma, files).file();
    return files.values().stream().flatMap(List::stream).toList();
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }

  private void file() throws IOException, SchemaException {
    Optional<String> doc = Optional.empty();
    while (peek().kind() != Kind.END) {
      if (peek().kind() == Kind.DOC) {
        doc = Optional.of(next().text());
        continue;
      }
      SchemaNode.Obj node = value().asObject("a top-level expression");
      if (node.get("include").isPresent()) {
        include(node);
      } else if (node.get("pragma").isPresent()) {
        pragma.add(node);
      } else {
        entries.add(new Entry(module, doc, node));
      }
      doc = Optional.empty();
    }
  }

  private void include(SchemaNode.Obj node) throws IOException, SchemaException {
    if (node.members().size() != 1) {
      throw new SchemaException(node.source(), "invalid 'include' directive");
    }
    String name = node.get("include").orElseThrow().asString("value of 'include'");
    Path file = path.resolveSibling(name).normalize();
    if (!Files.isRegularFile(file)) {
      throw new SchemaException(node.source(), "can't read included schema file '" + name + "'");
    }
    if (!files.containsKey(file)) {
      new SchemaParser(file, pragma, files).file();
    }
  }

  private SchemaNode value() throws SchemaException {
    Token token = next();
    if (token.is('{')) {
      return object(token.source());
    }
    if (token.is('[')) {
      return list(token.source());
    }
    if (token.kind() == Kind.STRING) {
      return new SchemaNode.Str(token.source(), token.text());
    }
    if (token.kind() == Kind.KEYWORD) {
      return new SchemaNode.Bool(token.source(), token.text().equals("true"));
    }
    throw new SchemaException(
        token.source(), "expected '{', '[', string or boolean, found " + token.text());
  }

  private SchemaNode.Obj object(Source start) throws SchemaException {
    Map<String, SchemaNode> members = new LinkedHashMap<>();
    if (peek().is('}')) {
      next();
      return new SchemaNode.Obj(start, members);
    }
    while (true) {
      Token key = next();
      if (key.kind() != Kind.STRING) {
        throw new SchemaException(key.source(), "expected string, found " + key.text());
      }
      expect(':');
      if (members.containsKey(key.text())) {
        throw new SchemaException(key.source(), "duplicate key '" + key.text() + "'");
      }
      members.put(key.text(), value());
      if (!more('}')) {
        return new SchemaNode.Obj(start, members);
      }
    }
  }

  private SchemaNode.Arr list(Source start) throws SchemaException {
    List<SchemaNode> items = new ArrayList<>();
    if (peek().is(']')) {
      next();
      return new SchemaNode.Arr(start, items);
    }
    do {
      items.add(value());
    } while (more(']'));
    return new SchemaNode.Arr(start, items);
  }

  private boolean more(char close) throws SchemaException {
    Token token = next();
    if (token.is(close)) {
      return false;
    }
    if (token.is(',')) {
      return true;
    }
    throw new SchemaException(
        token.source(), "expected ',' or '" + close + "', found " + token.text());
  }

  private void expect(char punctuation) throws SchemaException {
    Token token = next();
    if (!token.is(punctuation)) {
      throw new SchemaException(
          token.source(), "expected '" + punctuation + "', found " + token.text());
    }
  }

  private Token peek() {
    return tokens.get(position);
  }

  private Token next() throws SchemaException {
    Token token = tokens.get(position);
    if (token.kind() == Kind.END) {
      throw new SchemaException(token.source(), "unexpected end of file");
    }
    position++;
    return token;
  }
}
