// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value as QMP has it. Immutable; any thread. */
public sealed interface JsonValue {

  /** An object; members keep the order in which they were given. */
  record JsonObject(Map<String, JsonValue> members) implements JsonValue {
    public static final JsonObject EMPTY = new JsonObject(Map.of());

    /** The member with this name, or null. */
    public @Nullable JsonValue get(String name) {
      return members.get(name);
    }
  }

  /** An array. */
  record JsonArray(List<JsonValue> items) implements JsonValue {}

  /** A string. */
  record JsonString(String value) implements JsonValue {}

  /**
   * An integer. {@code unsigned} tells that {@code value} holds a number above {@link
   * Long#MAX_VALUE} in two's complement.
   */
  record JsonInteger(long value, boolean unsigned) implements JsonValue {
    public JsonInteger(long value) {
      this(value, false);
    }
  }

  /** A number with a fraction or an exponent, or an integer beyond 64 bits. */
  record JsonDouble(double value) implements JsonValue {}

  /** true or false. */
  record JsonBool(boolean value) implements JsonValue {}

  /** null. */
  record JsonNull() implements JsonValue {
    public static final JsonNull NULL = new JsonNull();
  }
}
