// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser.Option;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;

/** Makes a tree of options from the older strings, so that generated types can be read. */
final class OptsTree {
  /** The longest range of numbers. */
  private static final long MAX_RANGE = 65_536;

  private OptsTree() {}

  static InputVisitor visitor(Parsed parsed, Set<String> lists) throws QmpException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Option option : parsed.options()) {
      String name = option.name();
      if (lists.contains(name)) {
        members.put(name, longer(members.get(name), name, option.value()));
      } else {
        members.put(name, new JsonString(option.value()));
      }
    }
    String id = parsed.id();
    if (id != null) {
      members.put("id", new JsonString(id));
    }
    return InputVisitor.flat(new JsonObject(members));
  }

  static InputVisitor visitorOfTexts(Parsed parsed, Set<String> lists) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Option option : parsed.options()) {
      JsonString value = new JsonString(option.value());
      if (!lists.contains(option.name())) {
        members.put(option.name(), value);
        continue;
      }
      List<JsonValue> items = new ArrayList<>();
      if (members.get(option.name()) instanceof JsonArray before) {
        items.addAll(before.items());
      }
      items.add(new JsonObject(Map.of("str", value)));
      members.put(option.name(), new JsonArray(items));
    }
    String id = parsed.id();
    if (id != null) {
      members.put("id", new JsonString(id));
    }
    return InputVisitor.flat(new JsonObject(members));
  }

  private static JsonArray longer(@Nullable JsonValue before, String name, String value)
      throws QmpException {
    List<JsonValue> items = new ArrayList<>();
    if (before instanceof JsonArray array) {
      items.addAll(array.items());
    }
    int dash = value.indexOf('-', 1);
    if (dash < 0) {
      items.add(new JsonString(value));
      return new JsonArray(items);
    }
    long first = number(name, value.substring(0, dash));
    long last = number(name, value.substring(dash + 1));
    if (first > last || last - first >= MAX_RANGE) {
      throw notInRange(name);
    }
    for (long number = first; number <= last; number++) {
      items.add(new JsonString(Long.toString(number)));
    }
    return new JsonArray(items);
  }

  private static long number(String name, String digits) throws QmpException {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw notInRange(name);
    }
  }

  private static QmpException notInRange(String name) {
    return QmpException.generic("Parameter '" + name + "' expects a uint64 value or range");
  }
}
