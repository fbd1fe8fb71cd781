// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.CommandLineOptionInfo;
import org.qblockd.qapi.types.CommandLineParameterInfo;
import org.qblockd.qapi.types.CommandLineParameterType;

/**
 * What {@code query-command-line-options} shows, from a table asked of QEMU; what parameters are
 * for is QEMU's text and is left out. Stateless; any thread.
 */
public final class CommandLineOptions {
  private CommandLineOptions() {}

  /** All options. */
  public static List<CommandLineOptionInfo> all() {
    List<CommandLineOptionInfo> all = new ArrayList<>();
    for (String[] row : TableFile.rows("options.txt", 2)) {
      all.add(new CommandLineOptionInfo(row[0], parameters(row[1])));
    }
    return all;
  }

  /** The option of this name alone. */
  public static List<CommandLineOptionInfo> named(String option) throws QmpException {
    for (CommandLineOptionInfo each : all()) {
      if (each.option().equals(option)) {
        return List.of(each);
      }
    }
    throw QmpException.generic("invalid option name: " + option);
  }

  private static List<CommandLineParameterInfo> parameters(String field) {
    List<CommandLineParameterInfo> parameters = new ArrayList<>();
    if (!field.isEmpty()) {
      for (String word : field.split(" ", -1)) {
        parameters.add(parameter(word));
      }
    }
    return parameters;
  }

  /** From {@code NAME:TYPE} or {@code NAME:TYPE=DEFAULT}. */
  private static CommandLineParameterInfo parameter(String word) {
    int colon = word.indexOf(':');
    int equals = word.indexOf('=');
    return new CommandLineParameterInfo(
        word.substring(0, colon),
        type(word.charAt(colon + 1)),
        Optional.empty(),
        equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1)));
  }

  private static CommandLineParameterType type(char letter) {
    return switch (letter) {
      case 's' -> CommandLineParameterType.STRING;
      case 'b' -> CommandLineParameterType.BOOLEAN;
      case 'n' -> CommandLineParameterType.NUMBER;
      case 'z' -> CommandLineParameterType.SIZE;
      default -> throw new IllegalStateException("unknown type of parameter: " + letter);
    };
  }
}
