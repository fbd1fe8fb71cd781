// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The directory of one play, where the server and the shell commands run. One thread. */
record ScratchDirectory(Path path, Path tools) implements AutoCloseable {
  private static final long COMMAND_SECONDS = 60;

  /** Makes the directory for a file; the tools lie in the directory "conversations" above it. */
  static ScratchDirectory create(Path file) throws IOException {
    Path tools = file.toAbsolutePath().getParent();
    while (!tools.endsWith("conversations") && tools.getNameCount() > 1) {
      tools = tools.getParent();
    }
    return new ScratchDirectory(Files.createTempDirectory("qc").toRealPath(), tools);
  }

  /** Runs a shell command to its end and returns the lines of its standard output. */
  List<String> shell(String command) throws IOException, InterruptedException {
    Path errors = path.resolve(".errors");
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", "-c", command)
            .directory(path.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("DIR", path.toString());
    builder.environment().put("TOOLS", tools.toString());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new ConversationFailure("does not end: " + command);
    }
    return lines;
  }

  /** Runs a shell command that must succeed. */
  void setup(String command) throws IOException, InterruptedException {
    List<String> lines = shell(command + "\necho \"status $?\"");
    if (!lines.getLast().equals("status 0")) {
      throw new ConversationFailure(
          "setup failed: " + command + "\n" + Files.readString(path.resolve(".errors")));
    }
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> tree = Files.walk(path)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
