// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.ProcessOptions;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.block.BlockNode;

/** Standard error, in QEMU's form. Any thread. */
final class Messages {
  private static final String WARNING = "warning: ";

  private final String program;

  /** The option being worked on, for warnings; empty once the server runs. */
  private volatile String location = "";

  /** What -msg puts before the program's name; null while that is nothing. */
  private volatile @Nullable Lead lead;

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

  /** From now on sentences begin as {@code -msg} wants it. */
  void beginAs(ProcessOptions process, Clock clock) {
    String guest = process.guestNames() ? process.name().orElse("") : "";
    if (process.timestamps() || !guest.isEmpty()) {
      lead = new Lead(process.timestamps() ? clock : null, guest.isEmpty() ? "" : guest + " ");
    }
  }

  private String beginning() {
    Lead before = lead;
    return before == null ? program : before.text() + program;
  }

  /**
   * What stands before the program's name.
   *
   * @param clock gives the time, or null
   * @param guest the machine's name and a blank, or nothing
   */
  private record Lead(@Nullable Clock clock, String guest) {
    private static final int MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1000;
    private static final int DIGITS = 6;
    private static final DateTimeFormatter FORMAT =
        new DateTimeFormatterBuilder().appendInstant(DIGITS).toFormatter(Locale.ROOT);

    String text() {
      if (clock == null) {
        return guest;
      }
      long micros = clock.realtimeMicros();
      Instant now =
          Instant.ofEpochSecond(
              micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND * NANOS_PER_MICRO);
      return FORMAT.format(now) + " " + guest;
    }
  }

  /** Prints a line as it is. */
  void print(String line) {
    System.err.println(line);
  }

  /** Prints a sentence after the program's name. */
  void report(String sentence) {
    print(beginning() + ": " + sentence);
  }

  /** Prints a sentence after the program's name and the option at hand. */
  void reportHere(String sentence) {
    print(beginning() + CommandLineException.after(location) + sentence);
  }

  /** The node's last flush has failed; only the bottom of a graph tells, its drivers tell more. */
  void lost(BlockNode node, BlockException error) {
    if (node.children().isEmpty()) {
      report("cannot flush node '" + node.name() + "': " + error.message());
    }
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
    failure.lines(beginning()).forEach(this::print);
  }

  /** Prints a bug with its stack. */
  void bug(String command, Throwable bug) {
    report(String.format(Locale.ROOT, "unexpected failure of '%s'", command));
    bug.printStackTrace();
  }
}
