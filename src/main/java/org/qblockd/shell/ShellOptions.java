// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of the shell asks for. Immutable.
 *
 * @param commands lines to run instead of a script or a user's
 * @param script a file, {@code -} for standard input, or null
 * @param follow a job to follow, or null
 * @param address the socket, or null for the example server's
 */
record ShellOptions(
    List<String> commands,
    @Nullable String script,
    @Nullable String follow,
    @Nullable String address,
    boolean keepGoing,
    ShellSession.Settings settings) {

  static final String HELP =
      """
      Usage: qblockd shell [OPTION…] [SOCKET]
      Talks with any QMP server: a path, unix:PATH, HOST:PORT or tcp:HOST:PORT.

        -c LINE           runs a line and ends; may be repeated
        -f FILE           runs the lines of a file, or of standard input for -
        --follow JOB      shows a job until it rests, and ends
        -H, --hmp         lines are those of the human monitor
        -p, --pretty      replies over several lines (on a terminal they are)
        -n, --no-check    sends what the schema does not allow
        -k, --keep-going  a script goes on after an error
        -q, --quiet       shows no events
        -t SECONDS        how long a script waits for an event (0, the default: for ever)
        -h, --help        this text

      Without -c, -f and --follow, lines are read from the terminal, or a script from standard input.
      """;

  /** What is wrong with the command line; an empty message asks for help. */
  static final class BadOptions extends Exception {
    private static final long serialVersionUID = 1L;

    BadOptions(String message) {
      super(message);
    }
  }

  static ShellOptions of(List<String> arguments, boolean terminal) throws BadOptions {
    Reading reading = new Reading(arguments);
    reading.pretty = terminal;
    while (reading.at < arguments.size()) {
      reading.option(arguments.get(reading.at++));
    }
    return new ShellOptions(
        reading.commands,
        reading.script,
        reading.follow,
        reading.address,
        reading.keepGoing,
        new ShellSession.Settings(
            reading.human, reading.pretty, reading.checks, reading.quiet, reading.timeoutSeconds));
  }

  private static final class Reading {
    private final List<String> arguments;
    private final List<String> commands = new ArrayList<>();
    private int at;
    private @Nullable String script;
    private @Nullable String follow;
    private @Nullable String address;
    private boolean keepGoing;
    private boolean quiet;
    private boolean human;
    private boolean pretty;
    private boolean checks = true;
    private long timeoutSeconds;

    Reading(List<String> arguments) {
      this.arguments = arguments;
    }

    private String value(String option) throws BadOptions {
      if (at == arguments.size()) {
        throw new BadOptions(option + ": requires an argument");
      }
      return arguments.get(at++);
    }

    void option(String option) throws BadOptions {
      switch (option) {
        case "-c" -> commands.add(value(option));
        case "-f" -> script = value(option);
        case "--follow" -> follow = value(option);
        case "-H", "--hmp" -> human = true;
        case "-p", "--pretty" -> pretty = true;
        case "-n", "--no-check" -> checks = false;
        case "-k", "--keep-going" -> keepGoing = true;
        case "-q", "--quiet" -> quiet = true;
        case "-t" -> timeoutSeconds = seconds(value(option));
        case "-h", "--help" -> throw new BadOptions("");
        default -> place(option);
      }
    }

    private void place(String word) throws BadOptions {
      if (word.startsWith("-")) {
        throw new BadOptions(word + ": invalid option");
      }
      if (address != null) {
        throw new BadOptions(word + ": there is a socket already");
      }
      address = word;
    }

    private static long seconds(String text) throws BadOptions {
      try {
        return Math.max(0, Long.parseLong(text));
      } catch (NumberFormatException e) {
        throw new BadOptions("-t " + text + ": expects seconds");
      }
    }
  }
}
