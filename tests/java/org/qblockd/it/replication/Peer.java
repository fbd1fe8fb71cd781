// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.replication;

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
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One side of a replication: a server process with one monitor. One test thread. */
final class Peer implements AutoCloseable {
  private static final long WATCHDOG_SECONDS = 60;

  private final Process process;
  private final Path output;
  private final SocketChannel channel;
  private final BufferedReader in;

  private Peer(Process process, Path output, SocketChannel channel) {
    this.process = process;
    this.output = output;
    this.channel = channel;
    in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
  }

  /** Starts a program in a directory; {@code name} tells the two sides' files apart. */
  static Peer start(String program, Path directory, String name, List<String> arguments)
      throws IOException {
    Path socket = directory.resolve(name + ".qmp");
    Path output = directory.resolve(name + ".out");
    List<String> command = new ArrayList<>(List.of(program, "-display", "none"));
    command.addAll(List.of("-machine", "none", "-nodefaults"));
    command.addAll(List.of("-chardev", "socket,id=qmp,path=" + socket.getFileName()));
    command.addAll(List.of("-mon", "chardev=qmp,mode=control"));
    command.addAll(arguments);
    Files.deleteIfExists(socket);
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      Thread unused =
          Thread.startVirtualThread(() -> {
            // A server that ends early must not leave the test in accept.
            process.onExit().join();
            try {
              stop(listener);
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      Peer peer = new Peer(process, output, listener.accept());
      String greeting = peer.line();
      if (!greeting.contains("QMP")) {
        throw new AssertionError("no greeting: " + greeting);
      }
      peer.run("qmp_capabilities", "");
      return peer;
    } catch (IOException e) {
      throw new IOException(name + " did not start: " + Files.readString(output), e);
    }
  }

  private static void stop(ServerSocketChannel listener) throws IOException {
    listener.close();
  }

  private String line() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("the server closed its monitor");
    }
    return line;
  }

  /** Sends a command without waiting for its reply; arguments in single quotes, as JSON. */
  void send(String command, String arguments) throws IOException {
    String text = "{\"execute\": \"" + command + "\", \"arguments\": {" + arguments + "}}\n";
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Runs a command and returns its reply as text; events are passed over. */
  String ask(String command, String arguments) throws IOException {
    send(command, arguments);
    while (true) {
      String line = line();
      if (!line.contains("\"event\":")) {
        return line;
      }
    }
  }

  /** Waits for a line with this text, an event. */
  void await(String text) throws IOException {
    while (!line().contains(text)) {
      // Other events are of no interest.
    }
  }

  /** Runs a command that must succeed. */
  String run(String command, String arguments) throws IOException {
    String reply = ask(command, arguments);
    if (!reply.startsWith("{\"return\"")) {
      throw new AssertionError(command + " " + arguments + " -> " + reply);
    }
    return reply;
  }

  /** Runs a command of the human monitor that must not say anything. */
  void human(String line) throws IOException {
    String reply = run("human-monitor-command", "'command-line': '" + line + "'");
    if (!reply.contains("\"\"")) {
      throw new AssertionError(line + " -> " + reply);
    }
  }

  /** Runs a command of qemu-io, which must be accepted. */
  void io(String device, String command) throws IOException {
    human("qemu-io " + device + " \\\"" + command + "\\\"");
  }

  /** Whether requests have failed, or patterns did not match; the server's output says so. */
  String complaints() throws IOException {
    return String.join(
        "\n", Files.readAllLines(output).stream().filter(l -> l.contains("ailed")).toList());
  }

  /** Whether replication reports an error. */
  boolean replicationError() throws IOException {
    return run("query-xen-replication-status", "").contains("\"error\": true");
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("kill -9 did not end the server");
    }
  }

  /** Ends the server; it must end well. */
  void quit() throws IOException, InterruptedException {
    String unused = ask("quit", "");
    if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("no good end after quit: " + Files.readString(output));
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    channel.close();
  }
}
