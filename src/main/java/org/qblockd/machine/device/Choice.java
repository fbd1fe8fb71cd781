// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import org.jspecify.annotations.Nullable;
import org.qblockd.machine.qom.QomType;
import org.qblockd.machine.qom.QomTypes;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;

/** Which type and which bus the options of a device mean. Control lane. */
final class Choice {
  private Choice() {}

  /** The type that a user means by a driver's name. */
  static QomType userType(String driver) throws QmpException {
    QomType named = QomTypes.find(driver);
    QomType kind = named == null ? QomTypes.findAlias(driver) : named;
    if (kind == null || !kind.isA("device")) {
      throw QmpException.generic("'" + driver + "' is not a valid device model name");
    }
    if (kind.isAbstract()) {
      throw QmpException.generic("Parameter 'driver' expects a non-abstract device type");
    }
    if (kind.categories().isEmpty()) {
      throw QmpException.generic("Parameter 'driver' expects a pluggable device type");
    }
    return kind;
  }

  /** The bus for such a device: the named one, or the first that fits and has room. */
  static Bus bus(Bus system, QomType kind, @Nullable String name) throws QmpException {
    String wanted = kind.bus();
    if (name == null) {
      Bus found = system.find(null, wanted.isEmpty() ? "System" : wanted);
      if (found == null || found.full()) {
        throw QmpException.generic(
            "No '" + wanted + "' bus found for device '" + kind.name() + "'");
      }
      return found;
    }
    if (name.startsWith("/")) {
      String first = name.substring(1).split("/", -1)[0];
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + first + "' not found");
    }
    Bus found = system.find(name, null);
    if (found == null) {
      throw QmpException.generic("Bus '" + name + "' not found");
    }
    if (!found.fits(wanted)) {
      throw QmpException.generic(
          "Device '" + kind.name() + "' can't go on " + found.type() + " bus");
    }
    if (found.full()) {
      throw QmpException.generic("Bus '" + name + "' is full");
    }
    return found;
  }
}
