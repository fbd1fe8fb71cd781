// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.Locale;
import org.qblockd.app.commandline.CommandLineException;

/** Standard error, in QEMU's form. Any thread. */
final class Messages {
  private static final String WARNING = "warning: ";

  private final String program;

  /** The option being worked on, for warnings; empty once the server runs. */
  private volatile String location = "";

  Messages(String program) {
    this.program = program;
  }

  /** The name the program was started by, as messages begin with it. */
  String program() {
    return program;
  }

  /** From now on warnings name this option. */
  void locate(String words) {
    location = words;
  }

  /** Prints a line as it is. */
  void print(String line) {
    System.err.println(line);
  }

  /** Prints a sentence after the program's name. */
  void report(String sentence) {
    print(program + ": " + sentence);
  }

  /** Prints a sentence after the program's name and the option at hand. */
  void reportHere(String sentence) {
    print(program + CommandLineException.after(location) + sentence);
  }

  /**
   * Prints what the block layer has to say. As in QEMU its warnings carry our name only while they
   * are about the command line, not when a QMP command caused them.
   */
  void relay(String line) {
    if (line.startsWith(WARNING) && !location.isEmpty()) {
      reportHere(line);
    } else {
      print(line);
    }
  }

  /** Prints why the program ends. */
  void explain(CommandLineException failure) {
    failure.lines(program).forEach(this::print);
  }

  /** Prints a bug with its stack. */
  void bug(String command, Throwable bug) {
    report(String.format(Locale.ROOT, "unexpected failure of '%s'", command));
    bug.printStackTrace();
  }
}
