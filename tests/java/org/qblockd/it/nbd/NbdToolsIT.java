// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.it.copy.Programs;

/** Programs of others work on our exports: libnbd's, QEMU's, fio, and scripts that ask much. */
final class NbdToolsIT {
  private static final String SCRIPTS =
      Path.of(System.getProperty("qblockd.basedir", "."), "tests/nbd").toAbsolutePath().toString();
  private static final int SIZE = 48 << 20;

  @TempDir Path directory;
  private Command command;
  private Served ours;
  private int port;

  @BeforeEach
  void serve() throws Exception {
    command = new Command(directory);
    ours = Served.start(Programs.underTest(), directory);
    ours.listen("ours");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ours.run(
        "nbd-server-start",
        "'x-server': 'tcp', 'addr': {'type': 'inet', 'data': {'host': '127.0.0.1', 'port': '"
            + port
            + "'}}, 'max-connections': 0");
  }

  @AfterEach
  void end() throws Exception {
    ours.close();
  }

  /** A file with data here and there. */
  private void source(String name) throws IOException {
    Random random = new Random(5);
    byte[] piece = new byte[300_000];
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
      file.setLength(SIZE);
      for (int i = 0; i < 20; i++) {
        random.nextBytes(piece);
        file.seek(random.nextInt(SIZE - piece.length));
        file.write(piece);
      }
    }
  }

  private void empty(String name, long size) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
      file.setLength(size);
    }
  }

  /** A writable export of a raw file, on both servers. */
  private void export(String node, String file) throws Exception {
    String below = "'file': {'driver': 'file', 'filename': '" + file + "', 'discard': 'unmap'}";
    ours.node(node, "'driver': 'raw', 'discard': 'unmap', " + below);
    ours.export(node, "'name': 'disk', 'writable': true");
    ours.run(
        "block-export-add",
        "'type': 'nbd', 'id': 'tcp-"
            + node
            + "', 'node-name': '"
            + node
            + "', 'name': 'disk', 'writable': true, 'x-server': 'tcp'");
  }

  private List<String> uris() {
    return List.of(
        "nbd+unix:///disk?socket=" + directory.resolve("ours"),
        "nbd://127.0.0.1:" + port + "/disk");
  }

  @Test
  void scriptsSeeNoDifference() throws Exception {
    for (String script : List.of("libnbd.py", "extended.py")) {
      empty(script + ".ours", 6L << 30);
      empty(script + ".theirs", 6L << 30);
      export("n", script + ".ours");
      String file = script + ".theirs";
      try (Daemon theirs =
          Daemon.qemuNbd(
              directory, "theirs", "-f", "raw", "-x", "disk", "-e", "0", "--discard=unmap", file)) {
        assertThat(theirs).isNotNull();
        String expected = talk(script, "theirs");
        assertThat(talk(script, "ours")).isEqualTo(expected);
        assertThat(expected).contains("still here");
      }
      ours.run("block-export-del", "'id': 'export-n', 'mode': 'hard'");
      ours.run("block-export-del", "'id': 'tcp-n', 'mode': 'hard'");
      ours.await("BLOCK_EXPORT_DELETED", "export-n");
      ours.await("BLOCK_EXPORT_DELETED", "tcp-n");
      ours.run("blockdev-del", "'node-name': 'n'");
      command.assertSame("raw", script + ".ours", "raw", script + ".theirs");
    }
  }

  private String talk(String script, String socket) throws Exception {
    return command.ok(
        "/usr/bin/python3", SCRIPTS + "/" + script, directory.resolve(socket).toString());
  }

  @Test
  void nbdcopyReadsAndWrites() throws Exception {
    source("source");
    empty("disk", SIZE);
    export("n", "disk");
    for (String uri : uris()) {
      command.ok("nbdcopy", "--flush", "source", uri);
      command.ok("nbdcopy", "--connections=4", uri, "back");
      assertThat(Files.mismatch(directory.resolve("source"), directory.resolve("back")))
          .isEqualTo(-1);
      command.ok("nbdcopy", "--synchronous", "--allocated", "source", uri);
      command.ok("nbdcopy", "--no-extents", uri, "back");
      assertThat(Files.mismatch(directory.resolve("source"), directory.resolve("back")))
          .isEqualTo(-1);
      Files.delete(directory.resolve("back"));
    }
    command.ok("nbdcopy", uris().get(0), uris().get(1));
    command.assertSame("raw", "source", "raw", uris().get(1));
  }

  @Test
  void qemuImgConvertsComparesAndMaps() throws Exception {
    source("source");
    empty("disk", SIZE);
    export("n", "disk");
    for (String uri : uris()) {
      command.ok("qemu-img", "convert", "-n", "-W", "-m", "8", "-O", "raw", "source", uri);
      command.assertSame("raw", "source", "raw", uri);
      command.ok("qemu-img", "convert", "-f", "raw", "-O", "qcow2", uri, "back.qcow2");
      command.assertSame("raw", "source", "qcow2", "back.qcow2");
      assertThat(map(uri)).isEqualTo(map("source"));
    }
  }

  /** What is data and what is not; the same for the file and its export. */
  private String map(String image) throws Exception {
    return command
        .ok("qemu-img", "map", "-U", "-f", "raw", "--output=json", image)
        .replaceAll("\"offset\": \\d+", "")
        .replaceAll("[\"{} ,]+", " ");
  }

  @Test
  void fioVerifiesWhatManyConnectionsWrote() throws Exception {
    empty("disk", 4L * (4 << 20));
    export("n", "disk");
    for (String uri : uris()) {
      String said =
          command.ok(
              "fio",
              "--name=j",
              "--ioengine=nbd",
              "--uri=" + uri,
              "--rw=randwrite",
              "--bsrange=512-64k",
              "--iodepth=16",
              "--numjobs=4",
              "--size=4m",
              "--offset_increment=4m",
              "--verify=crc32c",
              "--verify_fatal=1",
              "--do_verify=1",
              "--fsync=32",
              "--group_reporting");
      assertThat(said).contains("err= 0");
    }
  }
}
