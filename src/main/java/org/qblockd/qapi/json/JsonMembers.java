// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** Looks into values whose shape is not sure: what is not there as expected is empty. */
public final class JsonMembers {
  private JsonMembers() {}

  /** The text of a member; empty when it has none. */
  public static String text(JsonObject object, String member) {
    return object.get(member) instanceof JsonString string ? string.value() : "";
  }

  /** The objects in an array; none when it is none. */
  public static List<JsonObject> objects(@Nullable JsonValue array) {
    List<JsonObject> objects = new ArrayList<>();
    if (array instanceof JsonArray list) {
      for (JsonValue item : list.items()) {
        if (item instanceof JsonObject object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }
}
