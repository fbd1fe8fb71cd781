// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonNull;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;

/**
 * The options that would make a node and all below it again: what a {@code json:} file name shows.
 * Mutable; confined to one thread.
 */
public final class FullOptions {
  private final Map<String, JsonValue> members = new LinkedHashMap<>();

  /** No options. */
  public FullOptions() {}

  /** Sets an option. */
  public void put(String name, String value) {
    members.put(name, new JsonString(value));
  }

  void put(String name, JsonValue value) {
    members.put(name, value);
  }

  /** Sets an option to null: no such child. */
  public void putNull(String name) {
    members.put(name, JsonNull.NULL);
  }

  /** Nests the options of a child. */
  public void putChild(String name, FullOptions child) {
    members.put(name, new JsonObject(child.members));
  }

  /** Nests the options of children in an array. */
  public void putChildren(String name, List<FullOptions> children) {
    List<JsonValue> items = new ArrayList<>();
    for (FullOptions child : children) {
      items.add(new JsonObject(child.members));
    }
    members.put(name, new JsonArray(items));
  }

  /** The names on the top level. */
  public Set<String> names() {
    return Set.copyOf(members.keySet());
  }

  /** The value of an option that is a string, else the empty string. */
  public String string(String name) {
    return members.get(name) instanceof JsonString string ? string.value() : "";
  }

  /** JSON in one line, members in QEMU's order. */
  public String toText() {
    return JsonWriter.toText(new JsonObject(members));
  }
}
