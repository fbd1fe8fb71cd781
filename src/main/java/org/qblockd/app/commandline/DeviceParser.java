// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    if (shortForm(argument)) {
      return;
    }
    Parsed parsed = reader.parse(OptionForm.of(OptionName.GLOBAL), argument);
    if (parsed.get("driver") == null
        || parsed.get("property") == null
        || parsed.get("value") == null) {
      throw QmpException.generic("options 'driver', 'property', and 'value' are required");
    }
  }

  private static boolean shortForm(String argument) {
    int dot = argument.indexOf('.');
    int equals = argument.indexOf('=');
    return dot > 0 && equals > dot + 1 && argument.indexOf(',') < 0;
  }
}
