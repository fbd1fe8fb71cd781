// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A conversation file in memory: what to start and the steps of the talk. Immutable; any thread.
 *
 * @param file where it was read
 * @param program the name of the program, when it is not the emulator
 * @param args arguments of the server, after those that every server gets
 * @param setup shell commands that run before the server starts
 * @param exit the expected exit status of the server
 * @param only the single server it is meant for ("qemu" or "qblockd"), when there is one
 * @param monitors the number of QMP monitors, from 1
 * @param greeting whether the talk begins with the greeting, before negotiation
 * @param transport how monitor 1 is reached
 * @param volatileNames members whose value the recorder replaces by a placeholder
 * @param floating names of events that the recorder writes as "may come anywhere"
 * @param noise whether pauses that QEMU puts into jobs around graph changes may come or not
 * @param steps the lines of the file that do something, and its notes
 */
record Conversation(
    Path file,
    Optional<String> program,
    List<String> args,
    List<String> setup,
    int exit,
    Optional<String> only,
    int monitors,
    boolean greeting,
    Transport transport,
    Set<String> volatileNames,
    Set<String> floating,
    boolean noise,
    List<Step> steps) {

  /** How monitor 1 is reached; further monitors always use a socket. */
  enum Transport {
    /** The server connects to a unix socket of the harness. */
    SOCKET,
    /** The server inherits a connected socket, {@code fd=3}. */
    FD,
    /** The server's standard input and output. */
    STDIO
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException naming the line that is wrong
   */
  static Conversation read(Path file) throws IOException {
    return new ConversationParser(file).parse(Files.readAllLines(file));
  }

  /** Whether this conversation is meant for a server of this kind. */
  boolean isFor(Target.Kind kind) {
    return only.isEmpty() || only.get().equals(kind.wireName());
  }
}
