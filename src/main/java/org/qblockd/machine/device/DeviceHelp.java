// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.qblockd.machine.qom.PropertyFact;
import org.qblockd.machine.qom.QomType;
import org.qblockd.machine.qom.QomTypes;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;

/** What {@code -device help} shows, without QEMU's descriptions. Stateless; any thread. */
public final class DeviceHelp {
  private static final int COLUMN = 24;

  private DeviceHelp() {}

  /** All types by category; without the last line feed. */
  public static String types() {
    List<String> blocks = new ArrayList<>();
    for (String category : QomTypes.categories()) {
      List<String> lines = new ArrayList<>();
      for (QomType type : QomTypes.all()) {
        if (type.categories().contains(category)) {
          lines.add(line(type));
        }
      }
      lines.sort(String.CASE_INSENSITIVE_ORDER);
      blocks.add(category + " devices:\n" + String.join("\n", lines));
    }
    return String.join("\n\n", blocks);
  }

  private static String line(QomType type) {
    StringBuilder line = new StringBuilder("name \"").append(type.name()).append('"');
    if (!type.bus().isEmpty()) {
      line.append(", bus ").append(type.bus());
    }
    if (!type.alias().isEmpty()) {
      line.append(", alias \"").append(type.alias()).append('"');
    }
    return line.toString();
  }

  /** The type that a driver's name stands for. */
  static QomType type(String driver) throws QmpException {
    QomType named = QomTypes.find(driver);
    QomType type = named == null ? QomTypes.findAlias(driver) : named;
    if (type == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + driver + "' not found");
    }
    if (!type.isA("device") || type.isAbstract()) {
      throw QmpException.generic("Parameter 'typename' expects a non-abstract device type");
    }
    return type;
  }

  /** The properties of a type; without the last line feed. */
  public static String properties(String driver) throws QmpException {
    QomType type = type(driver);
    List<String> lines = new ArrayList<>();
    for (PropertyFact fact : type.deviceProperties()) {
      lines.add(property(fact));
    }
    if (lines.isEmpty()) {
      return "There are no options for " + type.name() + ".";
    }
    lines.sort(Comparator.naturalOrder());
    return type.name() + " options:\n" + String.join("\n", lines);
  }

  private static String property(PropertyFact fact) {
    StringBuilder line = new StringBuilder("  ");
    line.append(fact.name()).append("=<").append(fact.type()).append('>');
    String json = fact.defaultJson();
    if (json == null && fact.notation().isEmpty()) {
      return line.toString();
    }
    line.append(" ".repeat(Math.max(0, COLUMN - line.length())));
    line.append(" - ").append(fact.notation());
    if (json != null) {
      line.append(" (default: ").append(json.equals("[]") ? json : AnyValue.ofJson(json).text());
      line.append(')');
    }
    return line.toString();
  }
}
