// SPDX-License-Identifier: Apache-2.0
package org.qblockd.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.EmbeddedServer;
import org.qblockd.client.QmpAddress;
import org.qblockd.client.QmpClient;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonWriter;

/**
 * A running server with a session of the test's own, a second socket for the client under test, and
 * a directory that goes with it. Any thread.
 */
public final class QblockdServer implements AutoCloseable {
  private static final String OWN = "test.sock";
  private static final String OTHERS = "qmp.sock";

  private final Path directory;
  private final Running running;
  private final EventLog events;
  private final QmpClient client;

  private QblockdServer(Path directory, Running running, EventLog events, QmpClient client) {
    this.directory = directory;
    this.running = running;
    this.events = events;
    this.client = client;
  }

  /** What ends the server. */
  private interface Running {
    void end() throws IOException;
  }

  /** A server as it is to be started. One thread. */
  public static final class Builder {
    private final List<String> arguments = new ArrayList<>();
    private boolean inJvm;
    private @Nullable String launcher;

    private Builder() {}

    /** Arguments of the command line, as QEMU has them. */
    public Builder arguments(String... more) {
      arguments.addAll(Arrays.asList(more));
      return this;
    }

    /** Runs in this JVM, not as a process. */
    public Builder inJvm() {
      inJvm = true;
      return this;
    }

    /** The program to start; a real QEMU will do. */
    public Builder launcher(String program) {
      launcher = program;
      return this;
    }

    /** Starts it and begins a session. */
    public QblockdServer start() throws IOException {
      Path directory = Files.createTempDirectory("qblockd-test");
      try {
        return open(directory);
      } catch (IOException | RuntimeException failed) {
        delete(directory);
        throw failed;
      }
    }

    private QblockdServer open(Path directory) throws IOException {
      List<String> all = new ArrayList<>();
      all.addAll(List.of("-display", "none", "-machine", "none", "-nodefaults"));
      all.addAll(List.of("-qmp", "unix:" + directory.resolve(OWN) + ",server=on,wait=off"));
      all.addAll(List.of("-qmp", "unix:" + directory.resolve(OTHERS) + ",server=on,wait=off"));
      all.addAll(arguments);
      Running running = inJvm ? embedded(all) : process(directory, all);
      EventLog events = new EventLog();
      try {
        QmpAddress own = QmpAddress.of(directory.resolve(OWN).toString());
        return new QblockdServer(directory, running, events, QmpClient.connect(own, events::add));
      } catch (IOException failed) {
        running.end();
        throw failed;
      }
    }

    private static Running embedded(List<String> arguments) throws IOException {
      EmbeddedServer server = EmbeddedServer.start(arguments.toArray(String[]::new));
      return server::close;
    }

    private Running process(Path directory, List<String> arguments) throws IOException {
      List<String> command =
          new ArrayList<>(List.of(launcher == null ? usualLauncher() : launcher));
      command.addAll(arguments);
      return ServerProcess.start(command, directory)::end;
    }

    /** Property, variable, a working copy of the project, or the search path. */
    private static String usualLauncher() {
      String named = System.getProperty("qblockd.launcher", System.getenv("QBLOCKD"));
      Path local = Path.of("bin", "qblockd").toAbsolutePath();
      return named != null ? named : Files.isExecutable(local) ? local.toString() : "qblockd";
    }
  }

  /** A server that is to be started. */
  public static Builder builder() {
    return new Builder();
  }

  /** The directory of its sockets and images; deleted with it. */
  public Path directory() {
    return directory;
  }

  /** The QMP socket for the client under test. */
  public Path socket() {
    return directory.resolve(OTHERS);
  }

  /** The test's own session. */
  public QmpClient client() {
    return client;
  }

  /** The events of the test's own session. */
  public EventLog events() {
    return events;
  }

  /** Runs a command without arguments; returns its result as JSON. */
  public String execute(String command) throws IOException {
    return execute(command, "{}");
  }

  /**
   * Runs a command in the test's own session.
   *
   * @param arguments a JSON object; single quotes will do
   * @return the result as JSON
   * @throws AssertionError with the server's words when it refuses the command
   */
  public String execute(String command, String arguments) throws IOException {
    try {
      return JsonWriter.toText(client.execute(command, EventLog.parse(arguments)));
    } catch (QmpException e) {
      throw new AssertionError(
          command + " " + arguments + ": " + e.errorClass().wireName() + ": " + e.text(), e);
    }
  }

  /** Makes a raw image of so many bytes, all zeroes, in the directory. */
  public Path image(String name, long bytes) throws IOException {
    Path image = directory.resolve(name);
    Files.write(image, new byte[0]);
    try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    return image;
  }

  /**
   * Lets requests of a node fail or wait.
   *
   * @param rule the arguments of {@code x-fault-add} but for the two
   */
  public Fault inject(String id, String nodeName, String rule) throws IOException {
    JsonObject given = EventLog.parse(rule);
    String text = JsonWriter.toText(given);
    String head = "{\"id\": \"" + id + "\", \"node-name\": \"" + nodeName + "\"";
    String rest = given.members().isEmpty() ? "}" : ", " + text.substring(1);
    String unused = execute("x-fault-add", head + rest);
    return new Fault(this, id);
  }

  /**
   * A fault that was injected.
   *
   * @param id its name
   */
  public record Fault(QblockdServer server, String id) {
    /** Waits until a request has met it; returns the event. */
    public String awaitFired() {
      return server.events().await("X_FAULT_FIRED", "{\"id\": \"" + id + "\"}");
    }

    /** Takes it back; returns its counters as JSON. */
    public String remove() throws IOException {
      return server.execute("x-fault-remove", "{\"id\": \"" + id + "\"}");
    }
  }

  @Override
  public void close() throws IOException {
    try {
      client.close();
      running.end();
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(directory)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      boolean unused = Files.deleteIfExists(each);
    }
  }
}
