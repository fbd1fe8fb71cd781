// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A {@code .cmd} file: command lines that end by themselves, with what they print and their exit
 * status. Immutable; any thread.
 *
 * @param program the name of the program, when it is not the emulator
 */
record CommandLines(Path file, Optional<String> program, List<String> setup, List<Case> cases) {
  private static final long WATCHDOG_SECONDS = Integer.getInteger("conversations.watchdog", 60);

  /**
   * One command line.
   *
   * @param line where it stands in the file
   * @param source the arguments as written
   * @param expected the {@code <~}, {@code <~2}, {@code !lines} and {@code !exit} lines
   */
  record Case(int line, String source, List<String> expected) {
    /** How many lines of standard output count; all by default. */
    int countedLines() {
      return expected.stream()
          .filter(text -> text.startsWith("!lines "))
          .mapToInt(text -> Integer.parseInt(text.substring("!lines ".length())))
          .findFirst()
          .orElse(Integer.MAX_VALUE);
    }
  }

  static CommandLines read(Path file) throws IOException {
    Optional<String> program = Optional.empty();
    List<String> setup = new ArrayList<>();
    List<Case> cases = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("!program ")) {
        program = Optional.of(line.substring("!program ".length()));
      } else if (line.startsWith("!setup ")) {
        setup.add(line.substring("!setup ".length()));
      } else if (line.startsWith("!args")) {
        expected = new ArrayList<>();
        cases.add(new Case(i + 1, line.substring("!args".length()).strip(), expected));
      } else if (line.startsWith("<~") || line.startsWith("!exit") || line.startsWith("!lines")) {
        expected.add(line);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        throw new IllegalArgumentException(file + ":" + (i + 1) + ": no such line: " + line);
      }
    }
    return new CommandLines(file, program, setup, cases);
  }

  /** Runs one command line and returns what it did, in the lines of the file. */
  List<String> run(Case one, Target target) throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS);
    try (ScratchDirectory scratch = ScratchDirectory.create(file)) {
      for (String command : setup) {
        scratch.setup(command);
      }
      Bindings bindings = new Bindings(scratch.path());
      List<String> args = ShellWords.split(bindings.expand(one.source()));
      Target started = program.map(target::named).orElse(target);
      try (ServerProcess server = ServerProcess.start(started, args, scratch.path())) {
        int status = server.awaitExit(deadlineNanos);
        return report(one, bindings, server, status);
      }
    } catch (ConversationFailure e) {
      throw new ConversationFailure(file + ":" + one.line() + ": " + e.getMessage());
    }
  }

  private static List<String> report(
      Case one, Bindings bindings, ServerProcess server, int status) {
    List<String> lines = new ArrayList<>();
    server.output().stream()
        .limit(one.countedLines())
        .forEach(text -> lines.add("<~ " + bindings.generalize(text)));
    server.errors().forEach(text -> lines.add("<~2 " + bindings.generalize(text)));
    if (one.countedLines() != Integer.MAX_VALUE) {
      lines.add("!lines " + one.countedLines());
    }
    lines.add("!exit " + status);
    return lines;
  }

  /** Runs one command line and compares. */
  void play(Case one, Target target) throws IOException, InterruptedException {
    List<String> actual = run(one, target);
    Bindings bindings = new Bindings(file);
    for (int i = 0; i < Math.max(actual.size(), one.expected().size()); i++) {
      String want = i < one.expected().size() ? one.expected().get(i) : "(nothing more)";
      String got = i < actual.size() ? actual.get(i) : "(nothing more)";
      if (!want.equals(got) && !isPattern(want, got, bindings)) {
        throw new ConversationFailure(
            file
                + ":"
                + one.line()
                + ": "
                + one.source()
                + "\n  expected "
                + want
                + "\n  got      "
                + got
                + "\n  all of it:\n    "
                + String.join("\n    ", actual));
      }
    }
  }

  private static boolean isPattern(String want, String got, Bindings bindings) {
    int space = want.indexOf(' ') + 1;
    return want.startsWith("$/", space)
        && got.startsWith(want.substring(0, space))
        && bindings.matches(want.substring(space), got.substring(space));
  }

  /** Runs all command lines and writes the file anew; those that do not end become notes. */
  void record(Target target) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("<~") && !line.startsWith("!exit") && !line.startsWith("!lines")) {
        lines.add(line);
      }
    }
    int at = 0;
    for (Case one : cases) {
      while (!lines.get(at).startsWith("!args")) {
        at++;
      }
      at++;
      try {
        List<String> report = run(one, target);
        lines.addAll(at, report);
        at += report.size();
      } catch (ConversationFailure e) {
        lines.set(at - 1, "# accepted, the server runs: " + one.source());
      }
    }
    Files.write(file, lines);
  }
}
