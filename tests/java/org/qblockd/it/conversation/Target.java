// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server to talk to. Immutable; any thread.
 *
 * @param kind which of the two
 * @param command the command and its first arguments
 */
record Target(Kind kind, List<String> command) {

  /** The real QEMU or qblockd. */
  enum Kind {
    QEMU,
    QBLOCKD;

    /** The name as conversation files write it. */
    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The launcher named by the property {@code qblockd.launcher}, else the project's own. */
  static Target qblockd() {
    String launcher = System.getProperty("qblockd.launcher", "bin/qblockd");
    return new Target(Kind.QBLOCKD, List.of(Path.of(launcher).toAbsolutePath().toString()));
  }

  /** The real QEMU of the version that qblockd follows, when it is installed. */
  static Optional<Target> qemu() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator))
        .map(directory -> Path.of(directory, "qemu-system-x86_64"))
        .filter(Files::isExecutable)
        .findFirst()
        .filter(Target::isFollowedVersion)
        .map(program -> new Target(Kind.QEMU, List.of(program.toString())));
  }

  private static boolean isFollowedVersion(Path program) {
    try {
      Process process = new ProcessBuilder(program.toString(), "-version").start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 && text.startsWith("QEMU emulator version 10.0.");
    } catch (java.io.IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The program of that name which lies beside this one. */
  Target named(String program) {
    List<String> other = new ArrayList<>(command);
    Path path = Path.of(other.getFirst());
    Path directory = path.getParent();
    other.set(0, directory == null ? program : directory.resolve(program).toString());
    return new Target(kind, List.copyOf(other));
  }

  /** A target from a developer's command line. */
  static Target of(String commandLine) {
    List<String> command = new ArrayList<>(ShellWords.split(commandLine));
    Kind kind = command.getFirst().contains("qblockd") ? Kind.QBLOCKD : Kind.QEMU;
    if (command.getFirst().contains("/")) {
      command.set(0, Path.of(command.getFirst()).toAbsolutePath().toString());
    }
    return new Target(kind, List.copyOf(command));
  }
}
