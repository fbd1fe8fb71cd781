// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.List;
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
 * Values as QEMU shows them to people, as in {@code qemu-img info}: a line for each member, deeper
 * ones further to the right, members in the order of QEMU's dictionaries. Stateless; any thread.
 */
public final class PlainText {
  private static final String STEP = "    ";

  private PlainText() {}

  /** The members of an object or the items of a list, {@code depth} steps to the right. */
  public static String of(QapiValue value, int depth) {
    StringBuilder text = new StringBuilder();
    show(text, value.toJson(), depth);
    return text.toString();
  }

  private static void show(StringBuilder text, JsonValue value, int depth) {
    switch (value) {
      case JsonObject object -> {
        for (String name : MemberOrder.names(object)) {
          JsonValue member = object.get(name);
          if (member != null) {
            entry(text, name.replace('-', ' '), member, depth);
          }
        }
      }
      case JsonArray array -> {
        List<JsonValue> items = array.items();
        for (int i = 0; i < items.size(); i++) {
          entry(text, "[" + i + "]", items.get(i), depth);
        }
      }
      case JsonString string -> text.append(string.value());
      case JsonInteger integer ->
          text.append(
              integer.unsigned()
                  ? Long.toUnsignedString(integer.value())
                  : Long.toString(integer.value()));
      case JsonDouble number -> text.append(JsonWriter.toText(number));
      case JsonBool bool -> text.append(bool.value());
      case JsonNull nothing -> text.append("null");
    }
  }

  private static void entry(StringBuilder text, String name, JsonValue value, int depth) {
    boolean composite = value instanceof JsonObject || value instanceof JsonArray;
    text.append(STEP.repeat(depth)).append(name).append(composite ? ":\n" : ": ");
    show(text, value, composite ? depth + 1 : depth);
    text.append(composite ? "" : "\n");
  }
}
