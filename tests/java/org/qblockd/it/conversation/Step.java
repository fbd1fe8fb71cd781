// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.util.List;

/** One line of a conversation that does something. {@code line} counts from 1. Immutable. */
sealed interface Step {

  /** The line of the file. */
  int line();

  /**
   * {@code ->}: sends bytes (one a character); {@code source} is the line as written in the file.
   */
  record Send(int line, int monitor, String bytes, int replies, String source) implements Step {}

  /** {@code <-} or {@code <=}: the next message of a monitor. */
  record Expect(int line, int monitor, Json value, boolean byHand, String source) implements Step {}

  /** {@code *-}: an event that comes at any time until the end. */
  record Anywhere(int line, int monitor, Json value) implements Step {}

  /** {@code !await EVENT member=value…}: waits for an event that is listed before this line. */
  record Await(int line, int monitor, String event, List<String> members, String source)
      implements Step {}

  /** {@code <~} or {@code <~2}: the next line of standard output or standard error. */
  record Output(int line, boolean error, String text) implements Step {}

  /** {@code !run} and {@code !check}: a shell command and the lines that it prints. */
  record Shell(int line, String command, List<String> output, boolean afterExit, String source)
      implements Step {}

  /** {@code !signal NAME}: sends a signal to the server. */
  record Signal(int line, String name, String source) implements Step {}

  /** {@code !close}: closes a monitor's connection. */
  record Close(int line, int monitor, String source) implements Step {}

  /** A comment or an empty line, kept by the recorder. */
  record Note(int line, String source) implements Step {}
}
