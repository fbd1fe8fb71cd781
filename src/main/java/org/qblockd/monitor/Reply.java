// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** The objects that answer requests. Stateless; any thread. */
final class Reply {
  private Reply() {}

  static JsonObject success(JsonValue returned, @Nullable JsonValue id) {
    return marked("return", returned, id);
  }

  static JsonObject error(ErrorClass errorClass, String text, @Nullable JsonValue id) {
    JsonObject error =
        new JsonObject(
            Map.of("class", new JsonString(errorClass.wireName()), "desc", new JsonString(text)));
    return marked("error", error, id);
  }

  private static JsonObject marked(String name, JsonValue value, @Nullable JsonValue id) {
    return new JsonObject(id == null ? Map.of(name, value) : Map.of(name, value, "id", id));
  }
}
