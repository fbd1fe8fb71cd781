// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ObjectType;

/** What the help forms of {@code -object} and object_add say. Stateless; any thread. */
public final class ObjectHelp {
  private ObjectHelp() {}

  /**
   * The properties of a type, or the types; the last line is not ended.
   *
   * @param type the name of a type; null or none that is known to list the types
   */
  public static String text(@Nullable String type) throws QmpException {
    ObjectType known = type == null ? null : ObjectType.fromWire(type);
    if (known == null) {
      List<String> lines = new ArrayList<>();
      for (ObjectType each : ObjectTypes.served()) {
        lines.add("  " + each.wireName());
      }
      return "List of user creatable objects:\n" + String.join("\n", lines);
    }
    List<String> lines = new ArrayList<>();
    for (QomProperty property : ObjectTypes.properties(known)) {
      if (!property.name().equals("type")) {
        lines.add("  " + property.name() + "=<" + property.type() + ">");
      }
    }
    if (lines.isEmpty()) {
      return "There are no options for " + type + ".";
    }
    lines.sort(null);
    return type + " options:\n" + String.join("\n", lines);
  }
}
