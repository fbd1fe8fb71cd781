// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the server starts and ends as a process; one test thread. */
final class LifecycleIT {
  private static final int IMAGE_BYTES = 4 << 20;

  /** Short, since names of unix sockets are. */
  @TempDir private Path directory;

  @BeforeEach
  void makeImages() throws IOException {
    byte[] data = new byte[IMAGE_BYTES];
    java.util.Arrays.fill(data, (byte) 7);
    Files.write(directory.resolve("source"), data);
    Files.write(directory.resolve("target"), new byte[IMAGE_BYTES]);
  }

  private LiveServer startWithTraces(String... more) throws IOException {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("-pidfile", "pid", "-qmp", "unix:qmp,server=on,wait=off"));
    arguments.addAll(List.of(more));
    LiveServer server = LiveServer.start(directory, arguments.toArray(String[]::new));
    assertThat(directory.resolve("qmp")).exists();
    return server;
  }

  private void assertNoTraces() {
    assertThat(directory.resolve("qmp")).doesNotExist();
    assertThat(directory.resolve("pid")).doesNotExist();
  }

  @Test
  void pidFileNamesTheProcessThatWasStarted() throws Exception {
    try (LiveServer server = startWithTraces()) {
      assertThat(directory.resolve("pid")).hasContent(server.process().pid() + "\n");
    }
  }

  @Test
  void quitRemovesSocketAndPidFile() throws Exception {
    try (LiveServer server = startWithTraces()) {
      assertThat(server.execute("{'execute': 'quit'}"))
          .satisfiesExactly(
              event -> assertThat(event).contains("SHUTDOWN", "host-qmp-quit"),
              reply -> assertThat(reply).isEqualTo("{\"return\": {}}"));
      assertThat(server.rest()).isEmpty();
      assertThat(server.awaitExit()).isZero();
      assertNoTraces();
      assertThat(server.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, 15", "INT, 2", "HUP, 1"})
  void signalEndsTheServerInOrder(String name, int number) throws Exception {
    try (LiveServer server = startWithTraces()) {
      server.signal(name);
      assertThat(server.rest())
          .singleElement()
          .asString()
          .contains("SHUTDOWN", "host-signal", "\"guest\": false");
      assertThat(server.awaitExit()).isZero();
      assertNoTraces();
      assertThat(server.errors())
          .matches("qblockd: terminating on signal " + number + " from pid \\d+ \\(.*\\)\\R");
    }
  }

  @Test
  void commandsAfterQuitAreNotRun() throws Exception {
    try (LiveServer server = startWithTraces()) {
      server.say("{'execute': 'quit', 'id': 1} {'execute': 'query-status', 'id': 2}");
      assertThat(server.rest()).last().asString().isEqualTo("{\"return\": {}, \"id\": 1}");
    }
  }

  @Test
  void quitCancelsARunningMirrorBeforeItsReply() throws Exception {
    try (LiveServer server =
        startWithTraces(
            "-drive", "if=none,id=d,format=raw,file=source",
            "-blockdev", "driver=raw,node-name=t,file.driver=file,file.filename=target")) {
      server.execute(
          "{'execute': 'blockdev-mirror', 'arguments': {'job-id': 'm', 'device': 'd',"
              + " 'target': 't', 'sync': 'full', 'speed': 4096}}");
      List<String> lines = server.execute("{'execute': 'quit'}");
      assertThat(lines).first().asString().contains("SHUTDOWN");
      assertThat(lines)
          .filteredOn(line -> line.contains("\"aborting\"") || line.contains("BLOCK_JOB"))
          .satisfiesExactly(
              line -> assertThat(line).contains("\"aborting\""),
              line -> assertThat(line).contains("BLOCK_JOB_CANCELLED"));
      assertThat(lines.get(lines.size() - 2)).contains("\"null\"");
      assertThat(server.awaitExit()).isZero();
      assertNoTraces();
    }
  }

  @Test
  void whatAGuestWroteIsThereWhenQuitIsAnswered() throws Exception {
    try (LiveServer server = startWithTraces("-drive", "if=none,id=d,format=raw,file=target")) {
      server.execute(
          "{'execute': 'human-monitor-command', 'arguments': {'command-line':"
              + " 'qemu-io d \\\"write -P 9 0 64k\\\"'}}");
      server.execute("{'execute': 'quit'}");
      assertThat(Files.readAllBytes(directory.resolve("target"))).startsWith(9, 9, 9, 9);
    }
  }

  @Test
  void endOfStandardInputDoesNotEndTheServer() throws Exception {
    Process process =
        LiveServer.command(
                directory, "-machine", "none", "-nodefaults", "-display", "none", "-qmp", "stdio")
            .start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).contains("QMP");
      process.getOutputStream().write("{'execute': 'qmp_capabilities'}\n".getBytes(UTF_8));
      process.getOutputStream().close();
      assertThat(out.readLine()).isEqualTo("{\"return\": {}}");
      LiveServer.signal(process, "TERM");
      assertThat(out.readLine()).contains("SHUTDOWN", "host-signal");
      assertThat(LiveServer.awaitExit(process)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void signalWhileWaitingForAClientKills() throws Exception {
    Process process =
        LiveServer.command(
                directory,
                "-machine",
                "none",
                "-nodefaults",
                "-display",
                "none",
                "-pidfile",
                "pid",
                "-qmp",
                "unix:qmp,server=on,wait=on")
            .redirectErrorStream(true)
            .redirectError(ProcessBuilder.Redirect.PIPE)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).contains("info: QEMU waiting for connection on: ");
      LiveServer.signal(process, "TERM");
      assertThat(LiveServer.awaitExit(process)).isEqualTo(128 + 15);
      assertNoTraces();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void startThatFailsLeavesNoTraces() throws Exception {
    Process process =
        LiveServer.command(
                directory,
                "-machine",
                "none",
                "-nodefaults",
                "-display",
                "none",
                "-pidfile",
                "pid",
                "-qmp",
                "unix:qmp,server=on,wait=off",
                "-drive",
                "if=none,file=missing")
            .start();
    assertThat(LiveServer.awaitExit(process)).isEqualTo(1);
    assertNoTraces();
  }

  @Test
  void pidFileIsHeldByOneServer() throws Exception {
    try (LiveServer first = startWithTraces()) {
      Path other = Files.createDirectory(directory.resolve("other"));
      Process second =
          LiveServer.command(other, "-machine", "none", "-display", "none", "-pidfile", "../pid")
              .start();
      assertThat(LiveServer.awaitExit(second)).isEqualTo(1);
      assertThat(other.resolve("stderr"))
          .hasContent(
              "qblockd: cannot create PID file: Cannot lock pid file: Resource temporarily"
                  + " unavailable\n");
      assertThat(directory.resolve("pid")).hasContent(first.process().pid() + "\n");
    }
  }

  private ProcessBuilder exampleServer(Path place) throws IOException {
    ProcessBuilder builder = LiveServer.command(Files.createDirectories(place));
    builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
    builder.environment().put("XDG_DATA_HOME", directory.toString());
    return builder;
  }

  @Test
  void withoutArgumentsItServesAnExampleOnce() throws Exception {
    Process first = exampleServer(directory.resolve("one")).start();
    try (BufferedReader out = first.inputReader(UTF_8)) {
      assertThat(out.readLine()).contains("qblockd");
      Path socket = directory.resolve("qblockd/qmp.sock");
      assertThat(out.readLine()).contains(socket.toString());
      assertThat(directory.resolve("qblockd/drive0.qcow2")).exists();

      Process second = exampleServer(directory.resolve("two")).start();
      assertThat(LiveServer.awaitExit(second)).isEqualTo(1);
      assertThat(directory.resolve("two/stderr"))
          .hasContent(
              "qblockd: another server without arguments already listens on " + socket + "\n");

      assertThat(greetingOf(socket)).contains("QMP");
      LiveServer.signal(first, "INT");
      assertThat(LiveServer.awaitExit(first)).isZero();
      assertThat(socket).doesNotExist();
    } finally {
      first.destroyForcibly();
    }
  }

  private static String greetingOf(Path socket) throws IOException {
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      boolean unused = client.connect(UnixDomainSocketAddress.of(socket));
      return new BufferedReader(Channels.newReader(client, UTF_8)).readLine();
    }
  }

  @Test
  void exampleDiskIsKept() throws Exception {
    Path disk = directory.resolve("qblockd/drive0.qcow2");
    for (int round = 0; round < 2; round++) {
      Process server = exampleServer(directory.resolve("one")).start();
      try (BufferedReader out = server.inputReader(UTF_8)) {
        assertThat(out.readLine()).contains("qblockd");
        LiveServer.signal(server, "TERM");
        assertThat(LiveServer.awaitExit(server)).isZero();
      } finally {
        server.destroyForcibly();
      }
      if (round == 0) {
        Files.write(directory.resolve("copy"), Files.readAllBytes(disk));
      }
    }
    assertThat(disk).hasSameBinaryContentAs(directory.resolve("copy"));
  }
}
