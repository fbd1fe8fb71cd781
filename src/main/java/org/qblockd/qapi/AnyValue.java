// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
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
import org.qblockd.qapi.json.JsonWriter;
import org.qblockd.qapi.json.MemberOrder;

/**
 * A value of the schema's type {@code any}, such as a QOM property's. Made by the factories here,
 * read by a visitor. Immutable; any thread.
 */
public record AnyValue(JsonValue toJson) implements QapiValue {
  /** null. */
  public static final AnyValue NULL = new AnyValue(JsonNull.NULL);

  /** What a user wrote as JSON. */
  public static AnyValue parse(String json) throws QmpException {
    try {
      return new AnyValue(JsonStream.parse(json));
    } catch (JsonSyntaxException wrong) {
      throw QmpException.generic(wrong.description());
    }
  }

  /** The value as JSON over several lines. */
  public String toPrettyText() {
    return JsonWriter.toPrettyText(toJson);
  }

  /** A string. */
  public static AnyValue of(String value) {
    return new AnyValue(new JsonString(value));
  }

  /** A boolean. */
  public static AnyValue of(boolean value) {
    return new AnyValue(new JsonBool(value));
  }

  /** A signed number. */
  public static AnyValue of(long value) {
    return new AnyValue(new JsonInteger(value));
  }

  /** An unsigned number in two's complement. */
  public static AnyValue unsigned(long value) {
    return new AnyValue(Encoder.unsigned(value));
  }

  /** A number with a fraction. */
  public static AnyValue of(double value) {
    return new AnyValue(new JsonDouble(value));
  }

  /** A value of a generated type. */
  public static AnyValue of(QapiValue value) {
    return new AnyValue(value.toJson());
  }

  /**
   * The value that JSON spells.
   *
   * @throws IllegalArgumentException when the text is no JSON; for texts of our own
   */
  public static AnyValue ofJson(String text) {
    try {
      return new AnyValue(JsonStream.parse(text));
    } catch (JsonSyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** An array. */
  public static AnyValue list(List<? extends QapiValue> values) {
    List<JsonValue> items = new ArrayList<>(values.size());
    for (QapiValue value : values) {
      items.add(value.toJson());
    }
    return new AnyValue(new JsonArray(items));
  }

  /** An object. */
  public static AnyValue object(Map<String, AnyValue> members) {
    Map<String, JsonValue> json = new LinkedHashMap<>();
    members.forEach((name, value) -> json.put(name, value.toJson()));
    return new AnyValue(new JsonObject(json));
  }

  /** The members of a generated object that are present, in the order in which QEMU walks them. */
  public static List<Entry<String, AnyValue>> members(QapiObject object) {
    JsonObject json = object.toJson();
    List<Entry<String, AnyValue>> members = new ArrayList<>();
    for (String name : MemberOrder.names(json)) {
      JsonValue value = json.get(name);
      if (value != null) {
        members.add(Map.entry(name, new AnyValue(value)));
      }
    }
    return members;
  }

  /**
   * A visitor that finds this value as the only member, {@code name}, of an object that it has
   * entered: errors then name it so.
   */
  public InputVisitor visitor(String name) throws QmpException {
    InputVisitor in = InputVisitor.strict(new JsonObject(Map.of(name, toJson)));
    in.startStruct(null);
    return in;
  }

  /** The value as the text of a command line; empty for what has none. */
  public String text() {
    return switch (toJson) {
      case JsonString string -> string.value();
      case JsonBool bool -> bool.value() ? "on" : "off";
      case JsonInteger integer ->
          integer.unsigned()
              ? Long.toUnsignedString(integer.value())
              : Long.toString(integer.value());
      case JsonDouble number -> Double.toString(number.value());
      case JsonNull _, JsonObject _, JsonArray _ -> "";
    };
  }

  /** The integer that this is, or {@code otherwise}. */
  public long longOr(long otherwise) {
    return toJson instanceof JsonInteger integer ? integer.value() : otherwise;
  }

  /** Whether this is true. */
  public boolean isTrue() {
    return toJson instanceof JsonBool bool && bool.value();
  }

  /** A visitor over the value itself. */
  public InputVisitor visitor() {
    return InputVisitor.strict(toJson);
  }
}
