// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands under one word, in alphabetical order. Immutable; any thread. */
record CommandList(List<HmpCommand> commands) {
  CommandList {
    List<HmpCommand> sorted = new ArrayList<>(commands);
    sorted.sort(Comparator.comparing(HmpCommand::name));
    commands = List.copyOf(sorted);
  }

  @Nullable HmpCommand find(String name) {
    for (HmpCommand command : commands) {
      if (command.names().contains(name)) {
        return command;
      }
    }
    return null;
  }

  String help(String prefix) {
    StringBuilder lines = new StringBuilder();
    for (HmpCommand command : commands) {
      lines.append(command.helpLine(prefix));
    }
    return lines.toString();
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    for (HmpCommand command : commands) {
      names.addAll(command.names());
    }
    return names;
  }
}
