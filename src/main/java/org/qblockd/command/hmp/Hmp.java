// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.monitor.hmp.HumanInterpreter;
import org.qblockd.qapi.QmpException;

/** The interpreter of the human monitor: finds a command, reads its parameters, runs it. Lane. */
public final class Hmp implements HumanInterpreter {
  private final PrintStream out;
  private final CommandList commands;
  private final CommandList infos;
  private final Completions completions;
  private final ArgumentReader arguments = new ArgumentReader();

  /**
   * An interpreter of these commands; those of the second list follow the word 'info'.
   *
   * @param out where complaints about strings go, as in QEMU: standard output
   */
  Hmp(PrintStream out, CommandList commands, CommandList infos, Completions completions) {
    this.out = out;
    this.commands = commands;
    this.infos = infos;
    this.completions = completions;
  }

  @Override
  public Completion complete(String head) {
    return completions.complete(head, commands, infos);
  }

  @Override
  public String run(String text) {
    HmpLine line = new HmpLine(text, out);
    HmpCall call = new HmpCall();
    line.skipBlanks();
    if (line.atEnd()) {
      return "";
    }
    String name = line.word();
    HmpCommand command = commands.find(name);
    if (name.equals("info")) {
      line.skipBlanks();
      if (line.atEnd()) {
        return show(call, infos.help("info "));
      }
      command = infos.find(line.word());
    }
    if (name.equals("help") || name.equals("?")) {
      return show(call, help(line));
    }
    if (command == null) {
      return show(call, unknown(line.before()));
    }
    execute(command, line, call);
    return call.shown();
  }

  private static String show(HmpCall call, String text) {
    call.print(text);
    return call.shown();
  }

  private String help(HmpLine line) {
    line.skipBlanks();
    if (line.atEnd()) {
      return commands.help("");
    }
    String name = line.string();
    if (name == null) {
      return "";
    }
    if (name.equals("log")) {
      return LogItems.help();
    }
    return name.equals("info") ? helpOfInfo(line) : helpOf(commands.find(name), "", name);
  }

  private String helpOfInfo(HmpLine line) {
    line.skipBlanks();
    if (line.atEnd()) {
      return infos.help("info ");
    }
    String topic = line.string();
    return topic == null ? "" : helpOf(infos.find(topic), "info ", topic);
  }

  private static String helpOf(@Nullable HmpCommand command, String prefix, String name) {
    return command == null ? unknown(prefix + name) : command.helpLine(prefix);
  }

  private void execute(HmpCommand command, HmpLine line, HmpCall call) {
    String called = line.before();
    try {
      arguments.read(command, line, call);
    } catch (WrongArgument wrong) {
      call.print(wrong.told());
      call.print("Try \"help " + called + "\" for more information\n");
      return;
    }
    try {
      command.body().run(call);
    } catch (QmpException failure) {
      call.print("Error: " + failure.text() + "\n" + hint(failure.hint()));
    } catch (BlockException failure) {
      call.print("Error: " + failure.message() + "\n" + hint(failure.hint()));
    }
  }

  /** What stands on the line after an error, or nothing. */
  static String hint(String words) {
    return words.isEmpty() ? "" : words.stripTrailing() + "\n";
  }

  private static String unknown(String name) {
    return "unknown command: '" + name + "'\n";
  }
}
