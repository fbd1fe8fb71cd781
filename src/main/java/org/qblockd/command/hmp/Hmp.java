// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.monitor.hmp.HumanInterpreter;
import org.qblockd.qapi.QmpException;

/** The interpreter of the human monitor: finds a command, reads its parameters, runs it. Lane. */
public final class Hmp implements HumanInterpreter {
  private final PrintStream out;
  private final List<HmpCommand> commands;
  private final List<HmpCommand> infos;

  /** An interpreter of these commands; those of the second list follow the word 'info'. */
  Hmp(PrintStream out, List<HmpCommand> commands, List<HmpCommand> infos) {
    this.out = out;
    this.commands = commands;
    this.infos = infos;
  }

  @Override
  public Completion complete(String head) {
    return Completion.NONE;
  }

  @Override
  public String run(String text) {
    HmpLine line = new HmpLine(text, out);
    line.skipBlanks();
    if (line.atEnd()) {
      return "";
    }
    String name = line.word();
    if (name.equals("help") || name.equals("?")) {
      return help(line);
    }
    if (name.equals("info")) {
      return info(line);
    }
    HmpCommand command = find(commands, name);
    return command == null ? unknown(line.before()) : execute(command, "", line);
  }

  private String info(HmpLine line) {
    line.skipBlanks();
    if (line.atEnd()) {
      return helpLines(infos, "info ");
    }
    String name = line.word();
    HmpCommand command = find(infos, name);
    return command == null ? unknown(line.before()) : execute(command, "info ", line);
  }

  private String help(HmpLine line) {
    line.skipBlanks();
    if (line.atEnd()) {
      return helpLines(commands, "") + helpLines(infos, "info ");
    }
    String name = line.word();
    if (!name.equals("info")) {
      HmpCommand command = find(commands, name);
      return command == null ? unknown(name) : command.helpLine("");
    }
    line.skipBlanks();
    if (line.atEnd()) {
      return helpLines(infos, "info ");
    }
    String topic = line.word();
    HmpCommand command = find(infos, topic);
    return command == null ? unknown("info " + topic) : command.helpLine("info ");
  }

  private static String helpLines(List<HmpCommand> commands, String prefix) {
    StringBuilder lines = new StringBuilder();
    for (HmpCommand command : commands) {
      lines.append(command.helpLine(prefix));
    }
    return lines.toString();
  }

  private String execute(HmpCommand command, String prefix, HmpLine line) {
    Map<String, String> arguments = new HashMap<>();
    String called = line.before();
    String wrong = read(command, line, arguments);
    if (wrong != null) {
      String name = prefix.isEmpty() ? String.join("|", command.names()) : command.names().get(0);
      return "%s: %sTry \"help %s\" for more information\r\n".formatted(name, wrong, called);
    }
    try {
      return command.body().run(arguments);
    } catch (QmpException failure) {
      return "Error: " + failure.text() + "\r\n";
    } catch (BlockException failure) {
      return "Error: " + failure.message() + "\r\n";
    }
  }

  /** Fills {@code arguments}; returns what is wrong, or null. */
  private static @Nullable String read(
      HmpCommand command, HmpLine line, Map<String, String> arguments) {
    for (HmpCommand.Parameter parameter : command.parameters()) {
      line.skipBlanks();
      String wrong = readOne(parameter, line, arguments);
      if (wrong != null) {
        return wrong;
      }
    }
    line.skipBlanks();
    return line.atEnd() ? null : "extraneous characters at the end of line\r\n";
  }

  private static @Nullable String readOne(
      HmpCommand.Parameter parameter, HmpLine line, Map<String, String> arguments) {
    return switch (parameter.kind()) {
      case FLAG -> flag(parameter, line, arguments);
      case DEVICE -> string(parameter, line, arguments, "block device name expected\r\n");
      case STRING -> string(parameter, line, arguments, "string expected\r\n");
      case OPTIONAL_DEVICE ->
          line.atEnd()
              ? null
              : string(parameter, line, arguments, "block device name expected\r\n");
      case REST -> {
        arguments.put(parameter.name(), line.rest());
        yield null;
      }
    };
  }

  private static @Nullable String string(
      HmpCommand.Parameter parameter,
      HmpLine line,
      Map<String, String> arguments,
      String complaint) {
    String value = line.string();
    if (value == null) {
      return complaint;
    }
    arguments.put(parameter.name(), value);
    return null;
  }

  private static @Nullable String flag(
      HmpCommand.Parameter parameter, HmpLine line, Map<String, String> arguments) {
    if (line.peek(0) != '-') {
      return null;
    }
    if (line.peek(1) != parameter.name().charAt(0)) {
      // At the end of the line QEMU prints the zero byte there, which cuts its sentence short.
      return "unsupported option -" + (line.peek(1) == 0 ? "" : line.peek(1) + "\r\n");
    }
    line.advance(2);
    arguments.put(parameter.name(), "");
    return null;
  }

  private static String unknown(String name) {
    return "unknown command: '" + name + "'\r\n";
  }

  private static @Nullable HmpCommand find(List<HmpCommand> commands, String name) {
    for (HmpCommand command : commands) {
      if (command.names().contains(name)) {
        return command;
      }
    }
    return null;
  }
}
