// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.OptsParser.Parsed;
import org.qblockd.qapi.QmpException;

/** The option that is being read, and how its text is taken apart. Main thread. */
final class OptionReader {
  private final String program;
  private final Consumer<String> notes;

  /** The option at hand as messages show it. */
  private String location = "";

  OptionReader(String program, Consumer<String> notes) {
    this.program = program;
    this.notes = notes;
  }

  void at(String words) {
    location = words;
  }

  String location() {
    return location;
  }

  <T> Located<T> located(T value) {
    return new Located<>(location, value);
  }

  /** Parses an option's text; warnings about its spelling are printed. */
  Parsed parse(OptsParser parser, String argument) throws QmpException {
    List<String> warnings = new ArrayList<>();
    try {
      return parser.parse(argument, warnings::add);
    } finally {
      for (int i = 0; i < warnings.size(); i++) {
        if (i % 2 == 0) {
          warn(warnings.get(i));
        } else {
          notes.accept(warnings.get(i));
        }
      }
    }
  }

  /** Prints a sentence about the option at hand. */
  void warn(String sentence) {
    notes.accept(program + CommandLineException.after(location) + sentence);
  }

  /** Prints a line as it is. */
  void note(String line) {
    notes.accept(line);
  }

  CommandLineException wrong(String sentence) {
    return new CommandLineException(location, sentence);
  }

  static String blank(@Nullable String text) {
    return text == null ? "" : text;
  }
}
