// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs shell, status, replay and play, as a user starts them; one test thread. */
final class ShellIT {
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path directory;

  private record Ended(int status, String output) {}

  private ProcessBuilder program(String... arguments) {
    List<String> command = new ArrayList<>(List.of(LiveServer.launcher()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    return builder.redirectErrorStream(true);
  }

  private Ended run(String input, String... arguments) throws Exception {
    return run(program(arguments), input);
  }

  private static Ended run(ProcessBuilder builder, String input) throws Exception {
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private LiveServer server(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-qmp", "unix:qmp,server=on,wait=off"));
    arguments.addAll(Arrays.asList(more));
    return LiveServer.start(directory, arguments.toArray(String[]::new));
  }

  private static final String SCRIPT =
      """
      # A mirror, from the shell.
      blockdev-add driver=null-co node-name=a size=1048576
      blockdev-add {"driver": "null-co",
        "node-name": "b"} size=1048576
      transaction(
      block-dirty-bitmap-add node=a name=x
      block-dirty-bitmap-add node=a name=y granularity=65536
      )
      x-job-hold id=m at=ready
      blockdev-mirror job-id=m device=a target=b sync=full
      wait X_JOB_HELD id=m at=ready
      x-job-release id=m
      wait BLOCK_JOB_READY device=m
      follow m
      hmp info status
      status
      """;

  @Test
  void runsAScriptAndStopsAtAnError() throws Exception {
    try (LiveServer server = server()) {
      Ended good = run(SCRIPT, "shell", "-t", "30", "qmp");
      assertThat(good.output)
          .contains("\"event\": \"X_JOB_HELD\"")
          .contains("m [##############################] 100% 1 MiB of 1 MiB ready")
          .contains("VM status: running")
          .contains("└─ target: b  null-co  1 MiB  rw");
      assertThat(good.status).isZero();

      Ended bad = run("job-cancel id=nope\nquery-name\n", "shell", "qmp");
      assertThat(bad).isEqualTo(new Ended(1, "GenericError: Job not found\n"));
      Ended on = run("job-cancel id=nope\nquery-name\n", "shell", "-k", "qmp");
      assertThat(on).isEqualTo(new Ended(1, "GenericError: Job not found\n{}\n"));
      assertThat(run("", "status", "qmp").output).contains("mirror m [####");
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  @Test
  void checksBeforeItSends() throws Exception {
    try (LiveServer server = server()) {
      String line = "blockdev-add driver=qcow2 node-name=q file.driver=nope";
      assertThat(run("", "shell", "-c", line, "qmp"))
          .isEqualTo(
              new Ended(
                  1,
                  "Error: /file/driver: not a value that is accepted here (not sent; --no-check"
                      + " sends it)\n"));
      assertThat(run("", "shell", "-n", "-c", line, "qmp"))
          .isEqualTo(
              new Ended(1, "GenericError: Parameter 'driver' does not accept value 'nope'\n"));
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  @Test
  void saysWhatIsWrongWithTheCommandLine() throws Exception {
    assertThat(run("", "shell", "nowhere"))
        .isEqualTo(
            new Ended(1, "qblockd: cannot connect to 'nowhere': No such file or directory\n"));
    assertThat(run("", "shell", "-x").output).isEqualTo("qblockd: -x: invalid option\n");
    assertThat(run("", "shell", "--help").output).startsWith("Usage: qblockd shell");
    assertThat(run("", "replay", "--help").output).startsWith("Usage: qblockd replay");
  }

  @Test
  void replaysWhatTheServerHasRecorded() throws Exception {
    try (LiveServer server = server("--record", "talk.qmp")) {
      Ended said = run(SCRIPT, "shell", "-t", "30", "qmp");
      assertThat(said.status).as(said.output).isZero();
      server.execute("{'execute': 'quit'}");
      server.awaitExit();
    }
    // The second session of the recording is the shell's; the first is the test's own.
    List<String> shell = new ArrayList<>(List.of("!greeting"));
    for (String line : Files.readAllLines(directory.resolve("talk.qmp"))) {
      if (line.startsWith("@2 ")) {
        shell.add(line.substring(3));
      }
    }
    Files.write(directory.resolve("shell.qmp"), shell);
    try (LiveServer server = server()) {
      Ended again = run("", "replay", "shell.qmp", "qmp");
      assertThat(again.output).endsWith(" 0 differences\n");
      assertThat(again.status).isZero();
      // Names are taken now.
      Ended differs = run("", "replay", "-t", "1", "shell.qmp", "qmp");
      assertThat(differs.output).contains("Duplicate nodes with node-name='a'");
      assertThat(differs.status).isEqualTo(1);
      assertThat(server.process().isAlive()).isTrue();
    }
    playsToAClient();
  }

  /** The recording stands for the server that it was made of. */
  private void playsToAClient() throws Exception {
    Process player = program("play", "shell.qmp", "played").start();
    try (BufferedReader told =
        new BufferedReader(new InputStreamReader(player.getInputStream(), UTF_8))) {
      assertThat(told.readLine()).isEqualTo("listening at played");
      Ended said = run(SCRIPT, "shell", "-t", "30", "played");
      assertThat(said.output).contains("100% 1 MiB of 1 MiB ready");
      assertThat(said.status).isZero();
      assertThat(LiveServer.awaitExit(player)).isZero();
    } finally {
      player.destroyForcibly();
    }
  }

  @Test
  void linesAreCompletedOnATerminal() throws Exception {
    assumeTrue(hasPython(), "python3 is not installed");
    Path script = directory.resolve("typist.py");
    Files.writeString(script, TYPIST);
    try (LiveServer server = server()) {
      ProcessBuilder typist =
          new ProcessBuilder("python3", script.toString(), LiveServer.launcher(), "qmp")
              .directory(directory.toFile())
              .redirectErrorStream(true);
      typist.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
      typist.environment().put("TERM", "xterm");
      Ended ended = run(typist, "");
      assertThat(ended.output).isEqualTo("as expected\n");
      assertThat(directory.resolve("state/qblockd/shell-history"))
          .content()
          .contains("query-status");
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  private static boolean hasPython() {
    try {
      return new ProcessBuilder("python3", "-c", "import pty").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Types at a pseudo-terminal and looks for what is shown. */
  private static final String TYPIST =
      """
      import fcntl, os, pty, signal, struct, sys, termios
      def late(*unused):
          sys.exit('no more than %r' % seen)
      signal.signal(signal.SIGALRM, late)
      signal.alarm(40)
      pid, fd = pty.fork()
      if pid == 0:
          os.execv(sys.argv[1], ['qblockd', 'shell', sys.argv[2]])
      fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 120, 0, 0))
      seen = b''
      def expect(text):
          global seen
          while text not in seen:
              try:
                  more = os.read(fd, 65536)
              except OSError:
                  more = b''
              if not more:
                  sys.exit('no %r in %r' % (text, seen))
              seen += more
          seen = seen[seen.index(text) + len(text):]
      def type(text):
          os.write(fd, text)
      expect(b'(QEMU) ')
      type(b'query-stat\\t\\r')
      expect(b'"running"')
      expect(b'(QEMU) ')
      type(b'blockdev-add driver=null-c\\tnode-n\\tdisk1 si\\t1048576\\r')
      expect(b'size=1048576')
      expect(b'(QEMU) ')
      type(b'block-dirty-bitmap-add node=\\tname=b0\\r')
      expect(b'node=disk1')
      expect(b'(QEMU) ')
      type(b'blockdev-add {"driver": "null-co",\\r')
      type(b'"node-name": "disk2"}\\r')
      expect(b'(QEMU) ')
      type(b'query-named-block-nodes flat=true\\r')
      expect(b'"disk2"')
      expect(b'"b0"')
      expect(b'(QEMU) ')
      type(b'exit\\r')
      _, status = os.waitpid(pid, 0)
      print('as expected' if status == 0 else status)
      """;
}
