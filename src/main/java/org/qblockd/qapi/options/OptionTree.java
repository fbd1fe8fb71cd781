// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * Builds a tree of options with dotted names; numbers as names make lists. Confined to one thread.
 */
final class OptionTree {
  private final Map<String, OptionTree> children = new LinkedHashMap<>();
  private @Nullable JsonValue leaf;

  void put(String name, JsonValue value) throws QmpException {
    OptionTree node = this;
    for (String part : name.split("\\.", -1)) {
      if (node.leaf != null) {
        throw clash(name);
      }
      node = node.children.computeIfAbsent(part, p -> new OptionTree());
    }
    if (node.leaf != null || !node.children.isEmpty()) {
      throw clash(name);
    }
    node.leaf = value;
  }

  private static QmpException clash(String name) {
    return QmpException.generic("Cannot mix scalar and non-scalar keys: '" + name + "'");
  }

  JsonObject toObject() throws QmpException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Map.Entry<String, OptionTree> child : children.entrySet()) {
      members.put(child.getKey(), child.getValue().toValue());
    }
    return new JsonObject(members);
  }

  private JsonValue toValue() throws QmpException {
    if (leaf != null) {
      return leaf;
    }
    List<JsonValue> items = new ArrayList<>();
    for (int i = 0; i < children.size(); i++) {
      OptionTree item = children.get(Integer.toString(i));
      if (item == null) {
        return toObject();
      }
      items.add(item.toValue());
    }
    return new JsonArray(items);
  }
}
