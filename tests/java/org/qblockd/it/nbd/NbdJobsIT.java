// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qblockd.it.copy.Programs;

/** Jobs over NBD: the real QEMU with our server, and ours with qemu-nbd and nbdkit. */
final class NbdJobsIT {
  private static final int SIZE = 12 << 20;

  @TempDir Path directory;
  private Command command;

  @BeforeEach
  void source() throws IOException {
    command = new Command(directory);
    Random random = new Random(6);
    byte[] piece = new byte[100_000];
    empty("source");
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("source").toFile(), "rw")) {
      for (int i = 0; i < 20; i++) {
        random.nextBytes(piece);
        file.seek(random.nextInt(SIZE - piece.length));
        file.write(piece);
      }
    }
  }

  private void empty(String name) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve(name).toFile(), "rw")) {
      file.setLength(SIZE);
    }
  }

  private static void file(Served server, String node, String name) throws Exception {
    String below = "'file': {'driver': 'file', 'filename': '" + name + "', 'discard': 'unmap'}";
    server.node(node, "'driver': 'raw', 'discard': 'unmap', " + below);
  }

  /** What a server printed, without QEMU's warning that a target tells no size of clusters. */
  private static String words(Served server) throws IOException {
    return server.output().replaceAll("warning: The target block device doesn't provide.*\n", "");
  }

  private static String fromTo(String source, String target) {
    return "'device': '" + source + "', 'target': '" + target + "', 'sync': 'full'";
  }

  /** A mirror with writes of a guest before and after it is ready, to its end. */
  private static void mirror(Served server, String source, String target, String more)
      throws Exception {
    server.run(
        "blockdev-mirror",
        "'job-id': 'm', 'auto-dismiss': false, 'filter-node-name': 'f', "
            + fromTo(source, target)
            + more);
    server.io("f", "write -q -P 7 1M 64k");
    server.await("BLOCK_JOB_READY", "m");
    server.io("f", "write -q -P 8 1056k 100k");
    server.io("f", "write -q -z -u 3M 1M");
    server.run("job-complete", "'id': 'm'");
    server.awaitDone("m");
  }

  @Test
  void realQemuCopiesIntoOurExportAndOutOfIt() throws Exception {
    empty("far");
    empty("copy");
    try (Served ours = Served.start(Programs.underTest(), directory);
        Served theirs = Served.start(Programs.QEMU, directory)) {
      file(ours, "far", "far");
      ours.listen("ours");
      ours.export("far", "'writable': true");
      file(theirs, "near", "source");
      file(theirs, "copy", "copy");
      theirs.client("nbd", "ours", "'export': 'far'");
      theirs.job("blockdev-backup", "b", fromTo("near", "nbd"));
      command.assertSame("raw", "source", "raw", "far");
      mirror(theirs, "near", "nbd", ", 'replaces': 'near'");
      // The disk of the guest is ours now.
      theirs.io("nbd", "write -q -P 9 5M 70k");
      theirs.job("blockdev-backup", "b", fromTo("nbd", "copy"));
      command.assertSame("raw", "copy", "raw", "far");
      mirror(theirs, "nbd", "copy", ", 'copy-mode': 'write-blocking'");
      command.assertSame("raw", "copy", "raw", "far");
      assertThat(words(theirs)).isEmpty();
      assertThat(ours.output()).isEmpty();
    }
  }

  /** The plugins and filters of nbdkit, each a server with a mind of its own. */
  private static final List<String> SERVERS =
      List.of(
          "memory 12M",
          "file far",
          "--no-sr memory 12M",
          "--mask-handshake=1 memory 12M",
          "--filter=delay memory 12M rdelay=2ms wdelay=2ms",
          "--filter=retry-request --filter=error memory 12M error-rate=2% retry-request-retries=9"
              + " retry-request-delay=1",
          "--filter=blocksize-policy memory 12M blocksize-minimum=4096 blocksize-preferred=64k"
              + " blocksize-maximum=1M blocksize-error-policy=error",
          "--filter=noextents --filter=nozero --filter=fua memory 12M zeromode=none fuamode=discard",
          "--filter=nozero --filter=fua memory 12M zeromode=notrim fuamode=force",
          "--filter=noparallel --filter=cache memory 12M cache=writethrough",
          "--filter=cow file far",
          "--filter=stats --filter=multi-conn memory 12M statsfile=stats multi-conn-mode=disable");

  @Test
  void oursCopiesIntoNbdkitAndOutOfIt() throws Exception {
    try (Served ours = Served.start(Programs.underTest(), directory)) {
      for (String arguments : SERVERS) {
        empty("far");
        try (Daemon nbdkit = Daemon.nbdkit(directory, "theirs", arguments.split(" "))) {
          assertThat(nbdkit).isNotNull();
          copiesBothWays(ours, "");
        } catch (AssertionError e) {
          throw new AssertionError("nbdkit " + arguments, e);
        }
      }
      ours.quit();
      assertThat(ours.output()).isEmpty();
    }
  }

  @Test
  void oursCopiesIntoQemuNbdAndOutOfIt() throws Exception {
    command.ok("qemu-img", "create", "-q", "-f", "qcow2", "far.qcow2", String.valueOf(SIZE));
    try (Daemon nbd =
            Daemon.qemuNbd(
                directory, "theirs", "-f", "qcow2", "-x", "far", "-e", "4", "far.qcow2");
        Served ours = Served.start(Programs.underTest(), directory)) {
      assertThat(nbd).isNotNull();
      copiesBothWays(ours, "'export': 'far'");
      ours.quit();
      assertThat(ours.output()).isEmpty();
    }
    command.ok("qemu-img", "check", "-q", "far.qcow2");
    command.assertSame("raw", "source", "qcow2", "far.qcow2");
  }

  private void copiesBothWays(Served ours, String export) throws Exception {
    empty("copy");
    file(ours, "near", "source");
    file(ours, "copy", "copy");
    ours.client("nbd", "theirs", export);
    ours.job("blockdev-backup", "b", fromTo("near", "nbd"));
    ours.job("blockdev-backup", "b", fromTo("nbd", "copy"));
    command.assertSame("raw", "source", "raw", "copy");
    mirror(ours, "near", "nbd", "");
    mirror(ours, "nbd", "copy", ", 'copy-mode': 'write-blocking'");
    for (String node : List.of("near", "copy", "nbd")) {
      ours.run("blockdev-del", "'node-name': '" + node + "'");
    }
    // What the last mirror's guest wrote is what the first one's wrote.
    command.assertSame("raw", "source", "raw", "copy");
  }

  private void overlay(String name) throws Exception {
    String size = String.valueOf(SIZE);
    command.ok("qemu-img", "create", "-q", "-f", "qcow2", name, size);
    command.ok("qemu-io", "-f", "qcow2", "-c", "write -q -P 3 2M 3M", name);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void commitAndStreamOverAServer(boolean nbdkit) throws Exception {
    overlay("top.qcow2");
    Files.copy(directory.resolve("source"), directory.resolve("expected"));
    command.ok("qemu-io", "-f", "raw", "-c", "write -q -P 3 2M 3M", "expected");
    Daemon base =
        nbdkit
            ? Daemon.nbdkit(directory, "theirs", "file", "source")
            : Daemon.qemuNbd(directory, "theirs", "-f", "raw", "-e", "4", "source");
    try (base;
        Served ours = Served.start(Programs.underTest(), directory)) {
      ours.client("base", "theirs", "'read-only': true, 'auto-read-only': true");
      ours.node("file", "'driver': 'file', 'filename': 'top.qcow2'");
      ours.node("top", "'driver': 'qcow2', 'file': 'file', 'backing': 'base'");
      Files.copy(directory.resolve("top.qcow2"), directory.resolve("copy.qcow2"));
      ours.client("base2", "theirs", "");
      ours.node("file2", "'driver': 'file', 'filename': 'copy.qcow2'");
      ours.node("top2", "'driver': 'qcow2', 'file': 'file2', 'backing': 'base2'");
      ours.job("block-stream", "s", "'device': 'top'");
      ours.run(
          "block-commit",
          "'job-id': 'c', 'auto-dismiss': false, 'device': 'top2', 'top-node': 'top2',"
              + " 'base-node': 'base2'");
      ours.await("BLOCK_JOB_READY", "c");
      ours.run("job-complete", "'id': 'c'");
      ours.awaitDone("c");
      ours.quit();
    }
    command.assertSame("raw", "expected", "qcow2", "top.qcow2");
    command.assertSame("raw", "expected", "raw", "source");
  }

  /** How the same commands end with a server whose requests fail. */
  private void endings(Served server, List<String> seen) throws Exception {
    server.client("nbd", "theirs", "");
    for (String request :
        List.of("read 0 4k", "write 1M 4k", "write -f 0 4k", "write -z 64k 64k", "discard 0 4k")) {
      seen.add(server.human("qemu-io nbd \"" + request + "\""));
    }
    seen.add(server.human("qemu-io nbd flush"));
    for (String way : List.of(fromTo("nbd", "copy"), fromTo("near", "nbd"))) {
      for (String job : List.of("blockdev-backup", "blockdev-mirror")) {
        server.run(job, "'job-id': 'j', 'auto-dismiss': false, " + way);
        seen.add(job + ": " + server.awaitEnd("j"));
      }
    }
    server.run("blockdev-del", "'node-name': 'nbd'");
  }

  private List<String> endings(String program) throws Exception {
    List<String> seen = new ArrayList<>();
    empty("copy");
    try (Served server = Served.start(program, directory)) {
      file(server, "near", "source");
      file(server, "copy", "copy");
      for (String error : List.of("EIO", "ENOSPC", "EPERM", "ENOMEM", "EINVAL", "ESHUTDOWN")) {
        String[] arguments = {
          "--filter=error",
          "--filter=cow",
          "pattern",
          "12M",
          "error=" + error,
          "error-rate=100%",
          // So that opening, which asks for the extents of the disk, succeeds.
          "error-extents-rate=0%"
        };
        try (Daemon nbdkit = Daemon.nbdkit(directory, "theirs", arguments)) {
          assertThat(nbdkit).isNotNull();
          endings(server, seen);
        }
      }
      seen.add(words(server).replaceAll("4 KiB, 1 ops; .*", "4 KiB"));
    }
    return seen;
  }

  @Test
  void errorsOfTheServerAreThoseOfQemu() throws Exception {
    assertThat(endings(Programs.underTest())).isEqualTo(endings(Programs.QEMU));
  }
}
