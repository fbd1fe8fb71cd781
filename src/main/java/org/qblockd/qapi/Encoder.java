// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** JSON for what generated types are made of. Any thread. */
public final class Encoder {
  private Encoder() {}

  /** An unsigned number in two's complement. */
  public static JsonValue unsigned(long value) {
    return new JsonInteger(value, value < 0);
  }

  /** A list of generated values. */
  public static JsonArray values(List<? extends QapiValue> values) {
    List<JsonValue> items = new ArrayList<>(values.size());
    for (QapiValue value : values) {
      items.add(value.toJson());
    }
    return new JsonArray(items);
  }

  /** A list of strings. */
  public static JsonArray strings(List<String> values) {
    List<JsonValue> items = new ArrayList<>(values.size());
    for (String value : values) {
      items.add(new JsonString(value));
    }
    return new JsonArray(items);
  }

  /** A list of signed numbers. */
  public static JsonArray integers(List<Long> values) {
    List<JsonValue> items = new ArrayList<>(values.size());
    for (long value : values) {
      items.add(new JsonInteger(value));
    }
    return new JsonArray(items);
  }

  /** A list of unsigned numbers in two's complement. */
  public static JsonArray unsigneds(List<Long> values) {
    List<JsonValue> items = new ArrayList<>(values.size());
    for (long value : values) {
      items.add(unsigned(value));
    }
    return new JsonArray(items);
  }
}
