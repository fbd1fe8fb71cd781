// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;

/** A command line that ends the program, and what the user is told. Immutable; any thread. */
public final class CommandLineException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String location;
  private final List<String> messages;

  /**
   * An error at an option.
   *
   * @param location the words of the command line that are to blame; empty when none is
   * @param messages sentences; each is printed with program name and location, and may have lines
   *     of hints after it
   */
  public CommandLineException(String location, String... messages) {
    super(String.join("\n", messages));
    this.location = location;
    this.messages = List.of(messages);
  }

  /** An error of a parser, with its hints. */
  public CommandLineException(String location, QmpException cause) {
    this(location, cause.hint().isEmpty() ? cause.text() : cause.text() + "\n" + cause.hint());
    initCause(cause);
  }

  /** An error of the block layer or of a socket, with its hints. */
  public CommandLineException(String location, BlockException cause) {
    this(
        location, cause.hint().isEmpty() ? cause.message() : cause.message() + "\n" + cause.hint());
    initCause(cause);
  }

  /**
   * What stands between the program's name and a message; the place in a file begins with its own
   * colon.
   */
  public static String after(String location) {
    if (location.isEmpty()) {
      return ": ";
    }
    return (location.startsWith(":") ? "" : ": ") + location + ": ";
  }

  /** The lines for standard error; those that want the program's name in front have it. */
  public List<String> lines(String program) {
    String prefix = program + after(location);
    List<String> lines = new ArrayList<>();
    for (String message : messages) {
      lines.add(prefix + message);
    }
    return lines;
  }
}
