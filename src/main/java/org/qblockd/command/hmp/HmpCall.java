// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One command line being run: its arguments and what the user is shown. Control lane. */
final class HmpCall {
  private final Map<String, Object> arguments = new HashMap<>();
  private final StringBuilder shown = new StringBuilder();

  void put(String name, Object value) {
    arguments.put(name, value);
  }

  boolean has(String name) {
    return arguments.containsKey(name);
  }

  /** A text that must be there. */
  String text(String name) {
    return (String) value(name);
  }

  Optional<String> optionalText(String name) {
    return Optional.ofNullable((String) arguments.get(name));
  }

  /** A number that must be there. */
  long number(String name) {
    return (Long) value(name);
  }

  Optional<Long> optionalNumber(String name) {
    return Optional.ofNullable((Long) arguments.get(name));
  }

  boolean isOn(String name) {
    return (Boolean) value(name);
  }

  /** Whether the flag was given, as what commands take. */
  Optional<Boolean> flag(String name) {
    return Optional.of(has(name));
  }

  DumpFormat format() {
    return (DumpFormat) value("fmt");
  }

  private Object value(String name) {
    @Nullable Object value = arguments.get(name);
    if (value == null) {
      throw new IllegalStateException("no argument " + name);
    }
    return value;
  }

  /** Shows a text; its lines end by line feeds. */
  void print(String text) {
    shown.append(text);
  }

  /** Shows a text made from a format. */
  void printf(String format, Object... values) {
    shown.append(String.format(java.util.Locale.ROOT, format, values));
  }

  /** All that is shown, lines ended by CR LF. */
  String shown() {
    return shown.toString().replace("\n", "\r\n");
  }
}
