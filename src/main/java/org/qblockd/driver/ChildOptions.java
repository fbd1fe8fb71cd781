// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.options.OptionMap;

/**
 * The options of a node's children, set aside until the driver opens them; a reference has the name
 * {@code ""}. Confined to one opening; control lane.
 */
final class ChildOptions {
  /** Children whose absence is told when they are opened, not when options are decoded. */
  static final List<String> REQUIRED = List.of("file", "image", "raw", "test", "target", "log");

  private final Map<String, OptionMap> byEdge = new HashMap<>();

  /** The options of the child at this edge; empty if there are none. */
  OptionMap of(String edge) {
    return byEdge.getOrDefault(edge, new OptionMap());
  }

  /** How many children the list with this name has. */
  int count(String name) {
    int count = 0;
    while (byEdge.containsKey(name + "." + count)) {
      count++;
    }
    return count;
  }

  /**
   * Takes the child's options out of {@code rest}; in {@code own}, for the typed form, only stands
   * that there are some.
   */
  void take(OptionMap rest, String name, OptionMap own) {
    OptionMap below = rest.takeBelow(name + ".");
    String reference = rest.string(name);
    rest.remove(name);
    OptionMap child = new OptionMap();
    child.putDefaults(below);
    if (reference != null) {
      child.put("", reference);
    }
    if (REQUIRED.contains(name) || !child.isEmpty()) {
      own.put(name, reference == null ? "" : reference);
    }
    byEdge.put(name, child);
  }

  /** Takes as many children as there are numbers without a gap. */
  void takeList(OptionMap rest, String name, OptionMap own) throws BlockException {
    // An empty list of JSON is a member of its own.
    rest.remove(name);
    int count = 0;
    while (rest.hasBelow(name + "." + count)) {
      take(rest, name + "." + count, own);
      own.putDefault(name + "." + count, "");
      count++;
    }
    if (rest.hasBelow(name)) {
      throw BlockException.invalid("Option " + name + " is not a valid array");
    }
  }
}
