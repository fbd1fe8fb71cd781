// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A running qblockd that a test starts and ends. It connects to a socket of ours, so that the
 * greeting tells when everything of its command line is open. One test thread.
 */
final class LiveServer implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final Path errors;
  private final SocketChannel channel;
  private final BufferedReader in;

  private LiveServer(Process process, Path errors, SocketChannel channel) {
    this.process = process;
    this.errors = errors;
    this.channel = channel;
    in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
  }

  /** The launcher named by the property {@code qblockd.launcher}, else the project's own. */
  static String launcher() {
    return Path.of(System.getProperty("qblockd.launcher", "bin/qblockd"))
        .toAbsolutePath()
        .toString();
  }

  /** A process in {@code directory} whose standard error goes to the file {@code stderr} there. */
  static ProcessBuilder command(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectError(directory.resolve("stderr").toFile());
    builder.environment().putAll(Map.of("LC_ALL", "C"));
    return builder;
  }

  /** Starts a server without a machine and waits for its greeting; then negotiates. */
  static LiveServer start(Path directory, String... arguments) throws IOException {
    Path socket = directory.resolve("control");
    List<String> all =
        new ArrayList<>(
            List.of(
                "-machine",
                "none",
                "-nodefaults",
                "-display",
                "none",
                "-chardev",
                "socket,id=control,path=control",
                "-mon",
                "chardev=control,mode=control"));
    all.addAll(Arrays.asList(arguments));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Process process = command(directory, all.toArray(String[]::new)).start();
      process.getOutputStream().close();
      Thread unused =
          Thread.startVirtualThread(() -> {
            // A server that ends early must not leave the test in accept.
            process.onExit().join();
            closeQuietly(listener);
          });
      LiveServer server = new LiveServer(process, directory.resolve("stderr"), listener.accept());
      server.await("\"QMP\"");
      server.execute("{'execute': 'qmp_capabilities'}");
      return server;
    } finally {
      Files.deleteIfExists(socket);
    }
  }

  private static void closeQuietly(ServerSocketChannel listener) {
    try {
      listener.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Process process() {
    return process;
  }

  /** Sends a command. */
  void say(String command) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((command + "\n").getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Sends a command and returns what came until its reply, which is the last. */
  List<String> execute(String command) throws IOException {
    say(command);
    return await("\"return\":");
  }

  /** Reads until a line has this text; that line is the last of the result. */
  List<String> await(String text) throws IOException {
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = in.readLine();
      if (line == null) {
        throw new AssertionError("the server closed the connection; it said " + lines);
      }
      lines.add(line);
      if (line.contains(text)) {
        return lines;
      }
    }
  }

  /** Reads until the server closes the connection. */
  List<String> rest() throws IOException {
    return in.lines().toList();
  }

  /** Sends a signal. */
  void signal(String name) throws IOException, InterruptedException {
    signal(process, name);
  }

  /** Sends a signal from a process of its own, {@code /bin/kill}. */
  static void signal(Process process, String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("/bin/kill", "-s", name, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new AssertionError("cannot send SIG" + name);
    }
  }

  /** Waits for the end; the exit status. */
  int awaitExit() throws InterruptedException {
    return awaitExit(process);
  }

  static int awaitExit(Process process) throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("no end within " + LIMIT_SECONDS + " s");
    }
    return process.exitValue();
  }

  /** All of standard error. */
  String errors() throws IOException {
    return Files.readString(errors);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    channel.close();
  }
}
