// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One command line being run: its arguments and what the user is shown. Control lane. */
final class HmpCall {
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, Boolean> switches = new HashMap<>();
  private final StringBuilder shown = new StringBuilder();
  private DumpFormat format = DumpFormat.INITIAL;

  void putText(String name, String value) {
    texts.put(name, value);
  }

  void putNumber(String name, long value) {
    numbers.put(name, value);
  }

  void putSwitch(String name, boolean value) {
    switches.put(name, value);
  }

  void putFormat(DumpFormat value) {
    format = value;
  }

  /** Whether the argument, or the flag, was given. */
  boolean has(String name) {
    return texts.containsKey(name) || numbers.containsKey(name) || switches.containsKey(name);
  }

  /** A text that must be there. */
  String text(String name) {
    return given(name, texts);
  }

  Optional<String> optionalText(String name) {
    return Optional.ofNullable(texts.get(name));
  }

  /** A number that must be there. */
  long number(String name) {
    return given(name, numbers);
  }

  Optional<Long> optionalNumber(String name) {
    return Optional.ofNullable(numbers.get(name));
  }

  /** A switch that must be there. */
  boolean isOn(String name) {
    return given(name, switches);
  }

  /** Whether the flag was given, as QMP commands take it. */
  Optional<Boolean> flag(String name) {
    return Optional.of(has(name));
  }

  DumpFormat format() {
    return format;
  }

  private static <T> T given(String name, Map<String, T> values) {
    T value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("no argument " + name);
    }
    return value;
  }

  /** Shows a text; its lines end by line feeds. */
  void print(String text) {
    shown.append(text);
  }

  /** All that is shown, lines ended by CR LF. */
  String shown() {
    return shown.toString().replace("\n", "\r\n");
  }
}
