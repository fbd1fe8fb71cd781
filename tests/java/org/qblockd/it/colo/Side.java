// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.colo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.qblockd.it.copy.BlockServer;
import org.qblockd.it.copy.QmpClient;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonWriter;

/** One host of COLO: its images, and the server over them. One test thread. */
final class Side implements AutoCloseable {
  private static final String LAUNCHER = System.getProperty("qblockd.launcher", "bin/qblockd");
  private static final String SIZE = "4M";

  private final Path directory;
  private final BlockServer server;
  final int migrationPort;
  final int nbdPort;

  private Side(Path directory, BlockServer server, int migrationPort, int nbdPort) {
    this.directory = directory;
    this.server = server;
    this.migrationPort = migrationPort;
    this.nbdPort = nbdPort;
  }

  // ---- images ---------------------------------------------------------------------------------

  /** Makes a disk full of 0x11. */
  static void format(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    run(directory, "qemu-img", "create", "-q", "-f", "qcow2", "disk.qcow2", SIZE);
    run(directory, "qemu-io", "-c", "write -P 0x11 0 " + SIZE, "disk.qcow2");
  }

  /** Makes empty buffers. */
  static void buffers(Path directory) throws IOException, InterruptedException {
    for (String name : List.of("active.qcow2", "hidden.qcow2")) {
      run(directory, "qemu-img", "create", "-q", "-f", "qcow2", name, SIZE);
    }
  }

  static void run(Path directory, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + words);
    }
  }

  // ---- servers --------------------------------------------------------------------------------

  static Side primary(Path directory) throws IOException, InterruptedException {
    String disk =
        "if=none,id=colo-disk0,driver=quorum,read-pattern=fifo,vote-threshold=1,"
            + "children.0.file.filename=disk.qcow2,children.0.driver=qcow2";
    return new Side(directory, start(directory, List.of("-drive", disk, "-S")), 0, 0);
  }

  /** A secondary that waits for its primary, as far as step 3 of the document. */
  static Side secondary(Path directory) throws IOException, InterruptedException {
    buffers(directory);
    int port = freePort();
    int nbd = freePort();
    List<String> arguments =
        List.of(
            "-drive",
            "if=none,id=parent0,file.filename=disk.qcow2,driver=qcow2",
            "-drive",
            "if=none,id=childs0,driver=replication,mode=secondary,file.driver=qcow2,"
                + "top-id=colo-disk0,file.file.filename=active.qcow2,file.backing.driver=qcow2,"
                + "file.backing.file.filename=hidden.qcow2,file.backing.backing=parent0",
            "-drive",
            "if=none,id=colo-disk0,driver=quorum,read-pattern=fifo,vote-threshold=1,"
                + "children.0=childs0",
            "-incoming",
            "tcp:127.0.0.1:" + port);
    Side side = new Side(directory, start(directory, arguments), port, nbd);
    side.enableColo();
    side.command(
        "nbd-server-start",
        "{\"addr\": {\"type\": \"inet\", \"data\": {\"host\": \"127.0.0.1\", \"port\": \""
            + nbd
            + "\"}}}");
    side.command("nbd-server-add", "{\"device\": \"parent0\", \"writable\": true}");
    return side;
  }

  static Side plain(Path directory, List<String> arguments)
      throws IOException, InterruptedException {
    return new Side(directory, start(directory, arguments), 0, 0);
  }

  private static BlockServer start(Path directory, List<String> arguments)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    String launcher = Path.of(LAUNCHER).toAbsolutePath().toString();
    return BlockServer.start(launcher, directory, new ArrayList<>(arguments));
  }

  static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  // ---- commands -------------------------------------------------------------------------------

  QmpClient qmp() {
    return server.qmp();
  }

  /** Runs a command, whose arguments are JSON; it must succeed. */
  JsonValue command(String name, String arguments) throws IOException, InterruptedException {
    return qmp().execute(name, parse(arguments));
  }

  /** The error's text of a command that must fail. */
  String refusal(String name, String arguments) throws IOException, InterruptedException {
    JsonObject reply = qmp().ask(name, parse(arguments));
    return QmpClient.text(reply, "error", "desc");
  }

  private static JsonObject parse(String text) {
    try {
      return (JsonObject) JsonStream.parse(text);
    } catch (org.qblockd.qapi.json.JsonSyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  void hmp(String line) throws IOException, InterruptedException {
    JsonValue words = qmp().execute("human-monitor-command", "command-line", line);
    if (!JsonWriter.toText(words).equals("\"\"")) {
      throw new AssertionError(line + ": " + JsonWriter.toText(words));
    }
  }

  /** A request of the guest. */
  void io(String command) throws IOException, InterruptedException {
    hmp("qemu-io colo-disk0 \"" + command + "\"");
    if (server.output().contains("verification failed") || server.output().contains("failed: ")) {
      throw new AssertionError(command + " on " + directory + ":\n" + server.output());
    }
  }

  void enableColo() throws IOException, InterruptedException {
    command(
        "migrate-set-capabilities",
        "{\"capabilities\": [{\"capability\": \"x-colo\", \"state\": true}]}");
  }

  /** Waits for an event, and drops those before it. */
  void await(String event) throws IOException, InterruptedException {
    qmp().await(named(event));
  }

  static Predicate<JsonObject> named(String event) {
    return each -> QmpClient.text(each, "event").equals(event);
  }

  /** Waits for COLO_EXIT and asserts its reason. */
  void awaitColoExit(String reason) throws IOException, InterruptedException {
    JsonObject event = qmp().await(named("COLO_EXIT"));
    if (!QmpClient.text(event, "data", "reason").equals(reason)) {
      throw new AssertionError("not " + reason + ": " + JsonWriter.toText(event));
    }
  }

  String query(String command, String member) throws IOException, InterruptedException {
    return QmpClient.text((JsonObject) qmp().execute(command), member);
  }

  // ---- the document's steps -------------------------------------------------------------------

  /** Step 4: attaches the secondary's disk and begins COLO, perhaps through a proxy. */
  void begin(Side secondary, int port) throws IOException, InterruptedException {
    hmp(
        "drive_add -n buddy driver=replication,mode=primary,file.driver=nbd,"
            + "file.server.type=inet,file.server.host=127.0.0.1,file.server.port="
            + secondary.nbdPort
            + ",file.export=parent0,node-name=replication0");
    command("x-blockdev-change", "{\"parent\": \"colo-disk0\", \"node\": \"replication0\"}");
    enableColo();
    command("migrate-set-parameters", "{\"x-checkpoint-delay\": 4000000}");
    qmp().dropEvents();
    secondary.qmp().dropEvents();
    command("migrate", "{\"uri\": \"tcp:127.0.0.1:" + port + "\"}");
  }

  void beginAndRun(Side secondary) throws IOException, InterruptedException {
    begin(secondary, secondary.migrationPort);
    await("RESUME");
    secondary.await("RESUME");
  }

  void requestCheckpoint() throws IOException, InterruptedException {
    command("migrate-set-parameters", "{\"x-checkpoint-delay\": 4000000}");
  }

  void checkpoint(Side secondary) throws IOException, InterruptedException {
    requestCheckpoint();
    await("RESUME");
    secondary.await("RESUME");
  }

  /** The document's "Primary Failover". */
  void failOverAsPrimary() throws IOException, InterruptedException {
    command("x-blockdev-change", "{\"parent\": \"colo-disk0\", \"child\": \"children.1\"}");
    hmp("drive_del replication0");
    qmp().dropEvents();
    command("x-colo-lost-heartbeat", "{}");
    await("RESUME");
  }

  /** The document's "Secondary Failover", until the buffers have been merged. */
  void failOverAsSecondary() throws IOException, InterruptedException {
    command("nbd-server-stop", "{}");
    qmp().dropEvents();
    command("x-colo-lost-heartbeat", "{}");
    await("RESUME");
    while (JsonWriter.toText(qmp().execute("query-named-block-nodes")).contains("active.qcow2")) {
      Thread.onSpinWait();
    }
  }

  /** The document's "resume replication": copies the disk to a new secondary, and attaches it. */
  void resync(Side secondary) throws IOException, InterruptedException {
    qmp().dropEvents();
    command(
        "drive-mirror",
        "{\"device\": \"colo-disk0\", \"job-id\": \"resync\", \"target\": \"nbd://127.0.0.1:"
            + secondary.nbdPort
            + "/parent0\", \"mode\": \"existing\", \"format\": \"raw\", \"sync\": \"full\"}");
    await("BLOCK_JOB_READY");
    command("stop", "{}");
    command("block-job-cancel", "{\"device\": \"resync\"}");
    await("BLOCK_JOB_COMPLETED");
  }

  // ---- the end --------------------------------------------------------------------------------

  String output() throws IOException {
    return server.output();
  }

  void quit() throws IOException, InterruptedException {
    qmp().execute("quit");
    server.awaitEnd();
  }

  void awaitEnd() throws IOException, InterruptedException {
    server.awaitEnd();
  }

  /** As a host dies: at once, without a word. */
  void kill() {
    server.kill();
  }

  @Override
  public void close() {
    server.kill();
  }
}
