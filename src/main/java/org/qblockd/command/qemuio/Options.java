// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options and operands of one qemu-io command, read as getopt(3) reads them: options may stand
 * after operands, {@code --} ends them.
 */
final class Options {
  private final Map<Character, List<String>> values = new HashMap<>();
  private final List<String> operands = new ArrayList<>();

  /** An option that the command does not know, or that lacks its value; the message is getopt's. */
  static final class OptionException extends Exception {
    private static final long serialVersionUID = 1L;

    OptionException(String message) {
      super(message);
    }
  }

  private Options() {}

  /**
   * Reads the arguments after the command's name.
   *
   * @param accepted getopt's option string: a letter, a colon after it if it takes a value
   */
  static Options parse(String command, List<String> arguments, String accepted)
      throws OptionException {
    Options options = new Options();
    int at = 0;
    while (at < arguments.size()) {
      String argument = arguments.get(at++);
      if (argument.equals("--")) {
        options.operands.addAll(arguments.subList(at, arguments.size()));
        return options;
      }
      if (argument.length() > 1 && argument.charAt(0) == '-') {
        at = options.cluster(command, argument, arguments, at, accepted);
      } else {
        options.operands.add(argument);
      }
    }
    return options;
  }

  private int cluster(
      String command, String argument, List<String> arguments, int next, String accepted)
      throws OptionException {
    for (int i = 1; i < argument.length(); i++) {
      char letter = argument.charAt(i);
      int known = letter == ':' ? -1 : accepted.indexOf(letter);
      if (known < 0) {
        throw new OptionException(command + ": invalid option -- '" + letter + "'");
      }
      boolean takesValue = known + 1 < accepted.length() && accepted.charAt(known + 1) == ':';
      if (!takesValue) {
        add(letter, "");
      } else if (i + 1 < argument.length()) {
        add(letter, argument.substring(i + 1));
        return next;
      } else if (next < arguments.size()) {
        add(letter, arguments.get(next));
        return next + 1;
      } else {
        throw new OptionException(command + ": option requires an argument -- '" + letter + "'");
      }
    }
    return next;
  }

  private void add(char letter, String value) {
    values.computeIfAbsent(letter, any -> new ArrayList<>()).add(value);
  }

  /** Whether the option was given. */
  boolean has(char letter) {
    return values.containsKey(letter);
  }

  /** The option's last value, or null if it was not given. */
  @Nullable String value(char letter) {
    List<String> given = values(letter);
    return given.isEmpty() ? null : given.getLast();
  }

  /** All values of the option, as they came. */
  List<String> values(char letter) {
    return values.getOrDefault(letter, List.of());
  }

  /** What is no option. */
  List<String> operands() {
    return operands;
  }
}
