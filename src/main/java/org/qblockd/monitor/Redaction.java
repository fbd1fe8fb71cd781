// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** Arguments of commands without what nobody else may read. Stateless; any thread. */
final class Redaction {
  /** The members that hold secrets, of whatever command: {@code data} is that of secret objects. */
  private static final Set<String> SECRET = Set.of("data", "password");

  private static final JsonString HIDDEN = new JsonString("(hidden)");

  private Redaction() {}

  static JsonValue of(JsonValue value) {
    if (value instanceof JsonArray array) {
      return new JsonArray(array.items().stream().map(Redaction::of).toList());
    }
    if (!(value instanceof JsonObject object)) {
      return value;
    }
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      boolean secret = SECRET.contains(member.getKey()) && member.getValue() instanceof JsonString;
      members.put(member.getKey(), secret ? HIDDEN : of(member.getValue()));
    }
    return new JsonObject(members);
  }
}
