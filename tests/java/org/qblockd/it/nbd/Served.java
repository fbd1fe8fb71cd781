// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.qblockd.it.copy.BlockServer;
import org.qblockd.it.copy.QmpClient;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonSyntaxException;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonValue.JsonString;
import org.qblockd.qapi.json.JsonWriter;

/**
 * A server that is told by QMP what to open, to copy and to export; qblockd or the real QEMU. Its
 * arguments are JSON with single quotes. One test thread.
 */
final class Served implements AutoCloseable {
  private final BlockServer server;

  private Served(BlockServer server) {
    this.server = server;
  }

  static Served start(String program, Path directory, String... arguments)
      throws IOException, InterruptedException {
    return new Served(BlockServer.start(program, directory, List.of(arguments)));
  }

  /** The members, without braces, as an object. */
  static JsonObject json(String members) {
    try {
      return (JsonObject) JsonStream.parse("{" + members + "}");
    } catch (JsonSyntaxException e) {
      throw new IllegalArgumentException(members, e);
    }
  }

  QmpClient qmp() {
    return server.qmp();
  }

  long pid() {
    return server.pid();
  }

  JsonValue run(String command, String arguments) throws IOException, InterruptedException {
    return qmp().execute(command, json(arguments));
  }

  /** Runs a command that must fail; what it said. */
  String refused(String command, String arguments) throws IOException, InterruptedException {
    JsonObject reply = qmp().ask(command, json(arguments));
    if (reply.get("error") == null) {
      throw new AssertionError(command + " " + arguments + " -> " + JsonWriter.toText(reply));
    }
    return QmpClient.text(reply, "error", "desc");
  }

  /** Tries {@code blockdev-add}; whether the node is there now. */
  boolean opens(String name, String options) throws IOException, InterruptedException {
    JsonObject arguments = json("'node-name': '" + name + "', " + options);
    return qmp().ask("blockdev-add", arguments).get("return") != null;
  }

  /** {@code blockdev-add}. */
  void node(String name, String options) throws IOException, InterruptedException {
    JsonValue unused = run("blockdev-add", "'node-name': '" + name + "', " + options);
  }

  /** Opens an export on a unix socket as a node. */
  void client(String name, String socket, String more) throws IOException, InterruptedException {
    node(
        name, "'driver': 'nbd', 'server': {'type': 'unix', 'path': '" + socket + "'}" + more(more));
  }

  private static String more(String members) {
    return members.isEmpty() ? "" : ", " + members;
  }

  /** Starts the NBD server on a unix socket. */
  void listen(String socket) throws IOException, InterruptedException {
    JsonValue unused =
        run("nbd-server-start", "'addr': {'type': 'unix', 'data': {'path': '" + socket + "'}}");
  }

  /** Exports a node under its own name. */
  void export(String node, String more) throws IOException, InterruptedException {
    String id = "'type': 'nbd', 'id': 'export-" + node + "', 'node-name': '" + node + "'";
    JsonValue unused = run("block-export-add", id + more(more));
  }

  /** Runs a command of the human monitor; what it said. */
  String human(String line) throws IOException, InterruptedException {
    JsonValue words =
        qmp().execute("human-monitor-command", QmpClient.object("command-line", line));
    return ((JsonString) words).value();
  }

  /** A command of qemu-io on a node, which must be accepted. */
  void io(String node, String command) throws IOException, InterruptedException {
    String words = human("qemu-io " + node + " \"" + command + "\"");
    if (!words.isEmpty()) {
      throw new AssertionError(command + ": " + words);
    }
  }

  /** Waits for an event of this name about this job or device. */
  JsonObject await(String event, String id) throws IOException, InterruptedException {
    return qmp()
        .await(each ->
            QmpClient.text(each, "event").equals(event)
                && (QmpClient.text(each, "data", "device").equals(id)
                    || QmpClient.text(each, "data", "id").equals(id)));
  }

  /** Waits until a job has concluded, asserts that it has no error, and dismisses it. */
  void awaitDone(String job) throws IOException, InterruptedException {
    String error = awaitEnd(job);
    if (!error.isEmpty()) {
      throw new AssertionError(job + ": " + error);
    }
  }

  /** Waits until a job has concluded, and dismisses it; its error, empty for none. */
  String awaitEnd(String job) throws IOException, InterruptedException {
    JsonObject unused =
        qmp()
            .await(each ->
                QmpClient.text(each, "event").equals("JOB_STATUS_CHANGE")
                    && QmpClient.text(each, "data", "id").equals(job)
                    && QmpClient.text(each, "data", "status").equals("concluded"));
    String error = "";
    for (JsonValue each : ((JsonArray) run("query-jobs", "")).items()) {
      if (each instanceof JsonObject about && QmpClient.text(about, "id").equals(job)) {
        error = QmpClient.text(about, "error");
      }
    }
    JsonValue dismissed = run("job-dismiss", "'id': '" + job + "'");
    assert dismissed != null;
    return error;
  }

  /** Runs a job that begins with this command, to its end. */
  void job(String command, String id, String arguments) throws IOException, InterruptedException {
    JsonValue unused = run(command, "'job-id': '" + id + "', 'auto-dismiss': false, " + arguments);
    awaitDone(id);
  }

  /** What the server printed; errors of {@code qemu-io} are there. */
  String output() throws IOException {
    return server.output();
  }

  void quit() throws IOException, InterruptedException {
    JsonObject unused = qmp().ask("quit", json(""));
    server.awaitEnd();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
