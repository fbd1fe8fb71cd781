// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/** The reference: qemu-system-x86_64 without a machine, its monitor on pipes. One test thread. */
final class RealQemu implements AutoCloseable {
  static final String PROGRAM = "qemu-system-x86_64";

  private final Process process;
  private final BufferedReader in;
  private final BufferedWriter out;

  private RealQemu(Process process) {
    this.process = process;
    this.in = process.inputReader(UTF_8);
    this.out = process.outputWriter(UTF_8);
  }

  /** Whether the program is on the path. */
  static boolean installed() {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (Files.isExecutable(Path.of(directory, PROGRAM))) {
        return true;
      }
    }
    return false;
  }

  /** Starts the program and finishes the negotiation. */
  static RealQemu start() throws IOException {
    List<String> command =
        List.of(
            PROGRAM, "-machine", "none", "-nodefaults", "-display", "none", "-S", "-qmp", "stdio");
    RealQemu qemu =
        new RealQemu(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
    qemu.line();
    qemu.execute("qmp_capabilities", "{}");
    return qemu;
  }

  /** Runs a command and returns its reply, with {@code return} or {@code error}. */
  JsonObject execute(String command, String arguments) {
    try {
      out.write("{'execute': '" + command + "', 'arguments': " + arguments + "}");
      out.newLine();
      out.flush();
      while (true) {
        JsonObject message = line();
        if (message.get("event") == null) {
          return message;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject line() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException(PROGRAM + " closed its monitor");
    }
    try {
      return (JsonObject) JsonStream.parse(line);
    } catch (JsonSyntaxException e) {
      throw new IOException("bad JSON from " + PROGRAM + ": " + line, e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
