// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.qblockd.it.copy.Copy.Event;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;

/**
 * A server process of the command line of qemu-system with one monitor, which connects to a socket
 * of the test. One test thread.
 */
public final class BlockServer implements AutoCloseable {
  private static final long WATCHDOG_SECONDS = 60;

  private final Process process;
  private final Path output;
  private final QmpClient qmp;

  private BlockServer(Process process, Path output, QmpClient qmp) {
    this.process = process;
    this.output = output;
    this.qmp = qmp;
  }

  /** Starts a program in a directory with further arguments. */
  public static BlockServer start(String program, Path directory, List<String> arguments)
      throws IOException, InterruptedException {
    Path socket = Files.createTempFile(directory, "qmp", "");
    Files.delete(socket);
    Path output = Files.createTempFile(directory, "output", "");
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of("-display", "none", "-machine", "none", "-nodefaults"));
    command.addAll(List.of("-chardev", "socket,id=qmp,path=" + socket.getFileName()));
    command.addAll(List.of("-mon", "chardev=qmp,mode=control"));
    command.addAll(arguments);
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      SocketChannel channel = accept(listener, process, output);
      return new BlockServer(process, output, new QmpClient(channel));
    }
  }

  private static SocketChannel accept(ServerSocketChannel listener, Process process, Path output)
      throws IOException, InterruptedException {
    CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
    CompletableFuture<Void> unused =
        process.onExit().thenRun(() -> accepted.completeExceptionally(new IOException("it ended")));
    Thread.startVirtualThread(() -> {
      try {
        accepted.complete(listener.accept());
      } catch (IOException e) {
        accepted.completeExceptionally(e);
      }
    });
    try {
      return accepted.get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      process.destroyForcibly();
      throw new IOException("no connection from the server: " + Files.readString(output), e);
    }
  }

  public QmpClient qmp() {
    return qmp;
  }

  /** Runs a command of qemu-io on a drive; it must be accepted. */
  void io(String command) throws IOException, InterruptedException {
    JsonString words =
        (JsonString)
            qmp.execute(
                "human-monitor-command", "command-line", "qemu-io drive0 \"" + command + "\"");
    if (!words.value().isEmpty()) {
      throw new AssertionError(command + ": " + words.value());
    }
  }

  /** Waits for the next of the events that tell how a block job goes; it must be this one. */
  JsonObject awaitJob(String id, Event wanted) throws IOException, InterruptedException {
    JsonObject event = qmp.await(each -> Event.isAbout(each, id));
    if (!wanted.name().equals(QmpClient.text(event, "event"))) {
      throw new AssertionError("instead of " + wanted + ": " + JsonWriter.toText(event));
    }
    return event;
  }

  /** Whether the job has told anything that was not asked for yet. */
  boolean jobHasSpoken(String id) {
    return qmp.hasSeen(each -> Event.isAbout(each, id));
  }

  /** Waits until a job has left the list. */
  public void awaitGone(String id) throws IOException, InterruptedException {
    qmp.await(each ->
        QmpClient.text(each, "event").equals("JOB_STATUS_CHANGE")
            && QmpClient.text(each, "data", "id").equals(id)
            && QmpClient.text(each, "data", "status").equals("null"));
  }

  /** Ends the server and asserts that it ended well and that no request of a guest failed. */
  public void quit() throws IOException, InterruptedException {
    qmp.execute("quit");
    if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the server did not end after quit");
    }
    String words = Files.readString(output);
    if (process.exitValue() != 0 || words.contains("ailed") || words.contains("rror")) {
      throw new AssertionError("status " + process.exitValue() + ", it said\n" + words);
    }
  }

  /** Waits until a job has done what it could, and dismisses it. */
  public void awaitConcluded(String id) throws IOException, InterruptedException {
    JsonObject unused =
        qmp.await(each ->
            QmpClient.text(each, "event").equals("JOB_STATUS_CHANGE")
                && QmpClient.text(each, "data", "id").equals(id)
                && QmpClient.text(each, "data", "status").equals("concluded"));
    qmp.execute("job-dismiss", "id", id);
  }

  /** Kills the server (-9) and waits until it has gone; its connection to the test stays. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Waits until the process has ended. */
  public void awaitEnd() throws IOException, InterruptedException {
    if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the server did not end");
    }
  }

  /** The process. */
  public long pid() {
    return process.pid();
  }

  /** What the server has printed. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    qmp.close();
  }
}
