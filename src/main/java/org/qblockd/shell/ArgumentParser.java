// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonBool;
import org.qblockd.qapi.json.JsonValue.JsonDouble;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonNull;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/**
 * Makes arguments from words: {@code key=value}, {@code key.sub.0=value}, {@code key={…}}, {@code
 * key=[…]}, or one JSON object. A value becomes what the schema asks for; where that is not known,
 * what it looks like. Immutable; any thread.
 */
final class ArgumentParser {
  /** What a user typed cannot be understood. */
  static final class BadLine extends Exception {
    private static final long serialVersionUID = 1L;

    BadLine(String message) {
      super(message);
    }
  }

  private final SchemaView schema;

  ArgumentParser(SchemaView schema) {
    this.schema = schema;
  }

  /** The arguments of a command. */
  JsonObject parse(String command, List<String> words) throws BadLine {
    JsonObject arguments = JsonObject.EMPTY;
    // In the second round the tags of unions are known, whatever the order of the words.
    for (int round = 0; round < 2; round++) {
      JsonObject known = arguments;
      arguments = JsonObject.EMPTY;
      for (String word : words) {
        arguments = add(arguments, command, known, word);
      }
    }
    return lists(arguments);
  }

  private JsonObject add(JsonObject arguments, String command, JsonObject known, String word)
      throws BadLine {
    if (word.startsWith("{")) {
      if (!(json(word) instanceof JsonObject object)) {
        throw new BadLine("'" + word + "' is no JSON object");
      }
      Map<String, JsonValue> members = new LinkedHashMap<>(arguments.members());
      members.putAll(object.members());
      return new JsonObject(members);
    }
    int equals = word.indexOf('=');
    if (equals <= 0) {
      throw new BadLine("'" + word + "' is not KEY=VALUE");
    }
    List<String> path = Arrays.asList(word.substring(0, equals).split("\\.", -1));
    String root = schema.argumentType(command);
    String type = root == null ? null : schema.typeAt(root, path, known);
    return put(arguments, path, value(type, word.substring(equals + 1)), word);
  }

  private static JsonObject put(JsonObject object, List<String> path, JsonValue value, String word)
      throws BadLine {
    Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
    String name = path.getFirst();
    JsonValue before = members.get(name);
    if (path.size() == 1) {
      if (before != null) {
        throw new BadLine("'" + word + "': '" + name + "' is given twice");
      }
      members.put(name, value);
      return new JsonObject(members);
    }
    if (before != null && !(before instanceof JsonObject)) {
      throw new BadLine("'" + word + "': '" + name + "' has a value already");
    }
    JsonObject inner = before instanceof JsonObject known ? known : JsonObject.EMPTY;
    members.put(name, put(inner, path.subList(1, path.size()), value, word));
    return new JsonObject(members);
  }

  /** Objects whose keys count from 0 are lists. */
  private static JsonObject lists(JsonObject object) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    object.members().forEach((name, value) -> members.put(name, listed(value)));
    return new JsonObject(members);
  }

  private static JsonValue listed(JsonValue value) {
    if (!(value instanceof JsonObject object)) {
      return value;
    }
    JsonObject inner = lists(object);
    JsonValue[] items = new JsonValue[inner.members().size()];
    for (int i = 0; i < items.length; i++) {
      JsonValue item = inner.get(String.valueOf(i));
      if (item == null) {
        return inner;
      }
      items[i] = item;
    }
    return items.length == 0 ? inner : new JsonArray(List.of(items));
  }

  private JsonValue value(@Nullable String type, String text) throws BadLine {
    if (text.startsWith("{") || text.startsWith("[")) {
      return json(text);
    }
    String kind = type == null ? "" : schema.kind(type);
    return switch (kind) {
      case "string", "enum" -> new JsonString(text);
      case "array" -> list(schema.elementType(type == null ? "" : type), text);
      case "alternate" -> alternative(type == null ? "" : type, text);
      default -> looks(text, kind);
    };
  }

  /** Items with commas between them. */
  private JsonValue list(String elementType, String text) throws BadLine {
    if (text.isEmpty()) {
      return new JsonArray(List.of());
    }
    JsonValue[] items = new JsonValue[0];
    for (String item : text.split(",", -1)) {
      items = Arrays.copyOf(items, items.length + 1);
      items[items.length - 1] = value(elementType, item);
    }
    return new JsonArray(List.of(items));
  }

  /** The first alternative that the text can be and that is no string, else a string. */
  private JsonValue alternative(String type, String text) {
    JsonValue looks = looks(text, "");
    for (String each : schema.alternatives(type)) {
      String kind = schema.kind(each);
      boolean fits =
          kind.equals("int") && looks instanceof JsonInteger
              || kind.equals("boolean") && looks instanceof JsonBool
              || kind.equals("null") && looks instanceof JsonNull;
      if (fits) {
        return looks;
      }
    }
    return new JsonString(text);
  }

  private static JsonValue looks(String text, String kind) {
    if (kind.equals("boolean") && (text.equals("on") || text.equals("off"))) {
      return new JsonBool(text.equals("on"));
    }
    return switch (text) {
      case "true" -> new JsonBool(true);
      case "false" -> new JsonBool(false);
      case "null" -> JsonNull.NULL;
      default -> number(text);
    };
  }

  private static JsonValue number(String text) {
    try {
      return new JsonInteger(Long.decode(text));
    } catch (NumberFormatException notWhole) {
      if (text.matches("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
        return new JsonDouble(Double.parseDouble(text));
      }
      return new JsonString(text);
    }
  }

  private static JsonValue json(String text) throws BadLine {
    try {
      return JsonStream.parse(text);
    } catch (JsonSyntaxException e) {
      throw new BadLine("'" + text + "': " + e.getMessage());
    }
  }
}
