// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qblockd.it.copy.Programs;

/**
 * A backup that its client pulls, from the full copy to the next one, which takes only what was
 * written meanwhile; a guest writes all the time. The real QEMU goes the same way.
 */
final class PullBackupIT {
  private static final String SCRIPTS =
      Path.of(System.getProperty("qblockd.basedir", "."), "tests/nbd").toAbsolutePath().toString();
  private static final int SIZE = 16 << 20;

  @TempDir Path directory;
  private Command command;

  /** A client that writes. */
  private record Guest(Process process, BufferedReader output) implements AutoCloseable {
    static Guest start(Path directory, long seed) throws IOException {
      Process process =
          new ProcessBuilder(
                  "/usr/bin/python3", SCRIPTS + "/guest.py", "sock", "top", String.valueOf(seed))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      Guest guest = new Guest(process, process.inputReader(UTF_8));
      assertThat(guest.output.readLine()).isEqualTo("going");
      return guest;
    }

    /** Lets it end by itself. */
    void stop() throws IOException, InterruptedException {
      process.getOutputStream().close();
      assertThat(output.readLine()).startsWith("done");
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private Served server;
  private long seed;

  @BeforeEach
  void images() throws Exception {
    command = new Command(directory);
    seed = System.nanoTime();
    for (String name : new String[] {"disk.qcow2", "fleece.qcow2"}) {
      command.ok("qemu-img", "create", "-q", "-f", "qcow2", name, String.valueOf(SIZE));
    }
    command.ok("qemu-io", "-c", "write -q -P 1 0 9M", "disk.qcow2");
    for (String name : new String[] {"copy", "proof"}) {
      command.ok("qemu-img", "create", "-q", "-f", "raw", name, String.valueOf(SIZE));
    }
  }

  @AfterEach
  void end() throws Exception {
    server.close();
  }

  /** The disk, a filter above it, the guest's export; then the full copy and its checkpoint. */
  private void begin(String program) throws Exception {
    server = Served.start(program.equals("qblockd") ? Programs.underTest() : program, directory);
    node("disk", "qcow2", "disk.qcow2", "");
    server.node("top", "'driver': 'raw', 'file': 'disk'");
    for (String name : new String[] {"copy", "proof"}) {
      server.node(name, "'driver': 'file', 'filename': '" + name + "'");
    }
    server.listen("sock");
    server.export("top", "'writable': true");
  }

  private void node(String name, String driver, String file, String more) throws Exception {
    String below = "'file': {'driver': 'file', 'filename': '" + file + "'}";
    server.node(name, "'driver': '" + driver + "', 'discard': 'unmap', " + below + more);
  }

  private void fullCopy() throws Exception {
    transaction(
        action("block-dirty-bitmap-add", "'node': 'disk', 'name': 'b0'"),
        backup("full", "disk", "copy", "full"));
    server.awaitDone("full");
    // The client's own from now on.
    server.run("blockdev-del", "'node-name': 'copy'");
  }

  private static String action(String type, String data) {
    return "{'type': '" + type + "', 'data': {" + data + "}}";
  }

  private static String backup(String job, String device, String target, String sync) {
    return action(
        "blockdev-backup",
        String.format(
            "'job-id': '%s', 'auto-dismiss': false, 'device': '%s', 'target': '%s', 'sync': '%s'",
            job, device, target, sync));
  }

  private void transaction(String... actions) throws Exception {
    server.run("transaction", "'actions': [" + String.join(", ", actions) + "]");
  }

  /** The guest writes the first half only. */
  private void pull(String export, String bitmap) throws Exception {
    String said =
        command.ok("/usr/bin/python3", SCRIPTS + "/pull.py", "sock", export, bitmap, "copy");
    assertThat(Long.parseLong(said.strip())).isBetween(1L, SIZE / 2L);
  }

  /** The old content is kept by a job; a full backup of the same moment tells what is right. */
  @ParameterizedTest
  @ValueSource(strings = {"qblockd", Programs.QEMU})
  void ofAJobThatFleeces(String program) throws Exception {
    begin(program);
    try (Guest guest = Guest.start(directory, seed)) {
      fullCopy();
      node("fleece", "qcow2", "fleece.qcow2", ", 'backing': 'disk'");
      transaction(
          action("block-dirty-bitmap-add", "'node': 'disk', 'name': 'b1'"),
          action("block-dirty-bitmap-disable", "'node': 'disk', 'name': 'b0'"),
          backup("fleecing", "disk", "fleece", "none"),
          backup("proof", "top", "proof", "full"));
      server.export("fleece", "'bitmaps': ['b0']");
      pull("fleece", "b0");
      server.awaitDone("proof");
      server.run("block-export-del", "'id': 'export-fleece'");
      server.await("BLOCK_EXPORT_DELETED", "export-fleece");
      server.run("block-job-cancel", "'device': 'fleecing'");
      server.await("BLOCK_JOB_CANCELLED", "fleecing");
      server.run("job-dismiss", "'id': 'fleecing'");
      guest.stop();
    }
    finish();
  }

  /** The old content is kept by a filter and read through the driver snapshot-access. */
  @ParameterizedTest
  @ValueSource(strings = {"qblockd", Programs.QEMU})
  void ofASnapshot(String program) throws Exception {
    begin(program);
    node("fleece", "qcow2", "fleece.qcow2", "");
    try (Guest guest = Guest.start(directory, seed)) {
      fullCopy();
      // Nothing but a pause makes one moment of several commands.
      guest.stop();
    }
    server.run("block-dirty-bitmap-add", "'node': 'disk', 'name': 'b1'");
    server.run("block-dirty-bitmap-disable", "'node': 'disk', 'name': 'b0'");
    server.node(
        "cbw",
        "'driver': 'copy-before-write', 'file': 'disk', 'target': 'fleece',"
            + " 'bitmap': {'node': 'disk', 'name': 'b0'}");
    server.run("blockdev-reopen", "'options': [{'node-name': 'top', " + over("cbw") + "}]");
    server.node("snapshot", "'driver': 'snapshot-access', 'file': 'cbw'");
    command.ok("nbdcopy", "nbd+unix:///top?socket=sock", "proof");
    try (Guest guest = Guest.start(directory, seed + 1)) {
      server.export("snapshot", "'bitmaps': [{'node': 'disk', 'name': 'b0'}]");
      pull("snapshot", "b0");
      server.run("block-export-del", "'id': 'export-snapshot'");
      server.await("BLOCK_EXPORT_DELETED", "export-snapshot");
      server.run("blockdev-del", "'node-name': 'snapshot'");
      server.run("blockdev-reopen", "'options': [{'node-name': 'top', " + over("disk") + "}]");
      server.run("blockdev-del", "'node-name': 'cbw'");
      guest.stop();
    }
    finish();
  }

  private static String over(String node) {
    return "'driver': 'raw', 'file': '" + node + "'";
  }

  private void finish() throws Exception {
    server.quit();
    assertThat(server.output()).as("seed " + seed).isEmpty();
    command.ok("qemu-img", "check", "-q", "disk.qcow2");
    assertThat(Files.mismatch(directory.resolve("copy"), directory.resolve("proof")))
        .as("seed " + seed)
        .isEqualTo(-1);
  }
}
