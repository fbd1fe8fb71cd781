// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qblockd.machine.device.Global;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.DeviceOptions;

/** Reads {@code -device} and {@code -global}. Main thread. */
final class DeviceParser {
  private static final OptsParser PARSER = OptsParser.acceptingAny("driver");

  private final OptionReader reader;
  private final List<Located<DeviceOptions>> plain = new ArrayList<>();
  private final List<Located<DeviceOptions>> json = new ArrayList<>();
  private final List<Global> globals = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  DeviceParser(OptionReader reader) {
    this.reader = reader;
  }

  /** All devices: those in JSON come last, as QEMU makes them. */
  List<Located<DeviceOptions>> devices() {
    List<Located<DeviceOptions>> all = new ArrayList<>(plain);
    all.addAll(json);
    return all;
  }

  /** The drivers that options name. */
  Set<String> drivers() {
    Set<String> drivers = new HashSet<>();
    for (Located<DeviceOptions> device : devices()) {
      String driver = device.value().string("driver");
      if (driver != null) {
        drivers.add(driver);
      }
    }
    for (Global global : globals) {
      drivers.add(global.driver());
    }
    return drivers;
  }

  /** The values of {@code -global}, in the order of the options. */
  List<Global> globals() {
    return globals;
  }

  void device(String argument) throws QmpException {
    if (argument.startsWith("{")) {
      json.add(reader.located(DeviceOptions.ofJson(argument)));
      return;
    }
    Parsed parsed = reader.parse(PARSER, argument);
    String id = parsed.id();
    if (id != null && !ids.add(id)) {
      throw QmpException.generic("Duplicate ID '" + id + "' for device");
    }
    plain.add(reader.located(DeviceOptions.of(parsed)));
  }

  /** The short form, {@code driver.property=value}, or three keys. */
  void global(String argument) throws QmpException {
    int dot = argument.indexOf('.');
    int equals = argument.indexOf('=');
    if (dot > 0 && equals > dot + 1 && argument.indexOf(',') < 0) {
      globals.add(
          new Global(
              argument.substring(0, dot),
              argument.substring(dot + 1, equals),
              argument.substring(equals + 1)));
      return;
    }
    Parsed parsed = reader.parse(OptionForm.of(OptionName.GLOBAL), argument);
    String driver = parsed.get("driver");
    String property = parsed.get("property");
    String value = parsed.get("value");
    if (driver == null || property == null || value == null) {
      throw QmpException.generic("options 'driver', 'property', and 'value' are required");
    }
    globals.add(new Global(driver, property, value));
  }
}
