// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the command line of qemu-storage-daemon in the manner of getopt_long: names may be cut
 * short where they stay unique, arguments stand behind a {@code =} or in the next word. Used once,
 * on the main thread.
 */
final class StorageDaemonParser {
  private enum Name {
    BLOCKDEV("blockdev", true),
    CHARDEV("chardev", true),
    DAEMONIZE("daemonize", false),
    EXPORT("export", true),
    HELP("help", false),
    MONITOR("monitor", true),
    NBD_SERVER("nbd-server", true),
    OBJECT("object", true),
    PIDFILE("pidfile", true),
    TRACE("trace", true),
    VERSION("version", false),
    X_DASHBOARD("x-dashboard", true);

    private final String word;
    private final boolean hasArgument;

    Name(String word, boolean hasArgument) {
      this.word = word;
      this.hasArgument = hasArgument;
    }

    /** Whether QEMU has it not; then it cannot be cut short, so that QEMU's options can as ever. */
    boolean isOurs() {
      return word.startsWith("x-");
    }
  }

  /** An option as it was found; {@code argument} is empty where none is taken. */
  private record Found(Name name, String argument, String location) {}

  private final String program;
  private final String version;
  private final ProcessOptions process = new ProcessOptions();
  private final List<Located<DaemonStep>> steps = new ArrayList<>();
  private String[] words = {};
  private int position;

  StorageDaemonParser(String program, String version) {
    this.program = program;
    this.version = version;
  }

  CommandLine parse(String[] arguments) throws CommandLineException, HelpException {
    words = arguments;
    while (position < words.length) {
      String word = words[position++];
      if (word.equals("--")) {
        break;
      }
      if (!word.startsWith("-") || word.equals("-")) {
        steps.add(new Located<>(word, new DaemonStep(DaemonStep.Kind.UNEXPECTED, "")));
      } else if (word.startsWith("--")) {
        take(longOption(word));
      } else {
        letters(word);
      }
    }
    return new CommandLine(
        Program.STORAGE_DAEMON,
        process,
        new GuestOptions(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        steps);
  }

  private Found longOption(String word) throws CommandLineException {
    int equals = word.indexOf('=');
    String written = word.substring(2, equals < 0 ? word.length() : equals);
    Name name = find(written, word);
    if (name == null) {
      throw wrong("unrecognized option '" + word + "'");
    }
    if (!name.hasArgument) {
      if (equals >= 0) {
        throw wrong("option '--" + name.word + "' doesn't allow an argument");
      }
      return new Found(name, "", word);
    }
    if (equals >= 0) {
      return new Found(name, word.substring(equals + 1), word);
    }
    if (position == words.length) {
      throw wrong("option '--" + name.word + "' requires an argument");
    }
    String argument = words[position++];
    return new Found(name, argument, word + " " + argument);
  }

  private @Nullable Name find(String written, String word) throws CommandLineException {
    Name found = null;
    for (Name name : Name.values()) {
      if (name.word.equals(written)) {
        return name;
      }
      if (name.word.startsWith(written) && !name.isOurs()) {
        if (found != null) {
          throw wrong("option '" + word + "' is ambiguous; possibilities:" + all(written));
        }
        found = name;
      }
    }
    return found;
  }

  private static String all(String written) {
    StringBuilder all = new StringBuilder();
    for (Name name : Name.values()) {
      if (name.word.startsWith(written) && !name.isOurs()) {
        all.append(" '--").append(name.word).append('\'');
      }
    }
    return all.toString();
  }

  private void letters(String word) throws CommandLineException, HelpException {
    for (int i = 1; i < word.length(); i++) {
      switch (word.charAt(i)) {
        case 'h' -> take(new Found(Name.HELP, "", word));
        case 'V' -> take(new Found(Name.VERSION, "", word));
        case 'T' -> {
          String rest = word.substring(i + 1);
          if (rest.isEmpty() && position == words.length) {
            throw wrong("option requires an argument -- 'T'");
          }
          take(new Found(Name.TRACE, rest.isEmpty() ? words[position++] : rest, word));
          return;
        }
        default -> throw wrong("invalid option -- '" + word.charAt(i) + "'");
      }
    }
  }

  private void take(Found found) throws HelpException {
    switch (found.name) {
      case HELP -> say(HelpText.ofDaemon(program));
      case VERSION -> say(HelpText.version(Program.STORAGE_DAEMON, version));
      case DAEMONIZE -> process.daemonize = true;
      case PIDFILE -> process.pidFile = found.argument;
      case X_DASHBOARD -> process.dashboard = new Located<>(found.location, found.argument);
      case TRACE -> step(DaemonStep.Kind.TRACE, found);
      case BLOCKDEV -> step(DaemonStep.Kind.BLOCKDEV, found);
      case CHARDEV -> step(DaemonStep.Kind.CHARDEV, found);
      case EXPORT -> step(DaemonStep.Kind.EXPORT, found);
      case MONITOR -> step(DaemonStep.Kind.MONITOR, found);
      case NBD_SERVER -> step(DaemonStep.Kind.NBD_SERVER, found);
      case OBJECT -> step(DaemonStep.Kind.OBJECT, found);
    }
  }

  /** Prints a text and ends, when the options before it were followed. */
  private void say(String text) throws HelpException {
    if (steps.isEmpty()) {
      throw new HelpException(text);
    }
    steps.add(new Located<>("", new DaemonStep(DaemonStep.Kind.HELP, text)));
  }

  private void step(DaemonStep.Kind kind, Found found) {
    steps.add(new Located<>(found.location, new DaemonStep(kind, found.argument)));
  }

  private static CommandLineException wrong(String sentence) {
    return new CommandLineException("", sentence);
  }
}
