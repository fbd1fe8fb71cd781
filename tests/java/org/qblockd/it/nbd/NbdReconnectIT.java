// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.it.copy.Programs;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/** The driver nbd and servers that go, come back, hang or are not there yet. */
final class NbdReconnectIT {
  private static final int SIZE = 12 << 20;
  private static final String FAILED = "read failed: Input/output error\n";

  @TempDir Path directory;
  private Command command;
  private Served ours;

  @BeforeEach
  void start() throws Exception {
    command = new Command(directory);
    byte[] content = new byte[SIZE];
    new Random(7).nextBytes(content);
    Files.write(directory.resolve("source"), content);
    Files.write(directory.resolve("disk"), new byte[SIZE]);
    ours = Served.start(Programs.underTest(), directory);
    ours.node("near", "'driver': 'file', 'filename': 'source'");
  }

  @AfterEach
  void end() throws Exception {
    ours.close();
  }

  private Daemon server() throws Exception {
    return Daemon.nbdkit(directory, "s", "--filter=delay", "file", "disk", "wdelay=20ms");
  }

  /** Waits until the only job has copied so many bytes. */
  private void awaitProgress(long bytes) throws Exception {
    while (true) {
      JsonArray jobs = (JsonArray) ours.run("query-jobs", "");
      JsonObject job = (JsonObject) jobs.items().getFirst();
      if (((JsonInteger) job.get("current-progress")).value() >= bytes) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void requestsOutliveTheirServer() throws Exception {
    Daemon server = server();
    try {
      ours.client("nbd", "s", "'reconnect-delay': 60");
      ours.run(
          "blockdev-backup",
          "'job-id': 'b', 'auto-dismiss': false, 'device': 'near', 'target': 'nbd', 'sync':"
              + " 'full', 'speed': 8388608");
      for (int i = 1; i <= 3; i++) {
        awaitProgress((long) i * 2 << 20);
        server.kill();
        server = server();
      }
      ours.run("block-job-set-speed", "'device': 'b', 'speed': 0");
      ours.awaitDone("b");
      ours.io("nbd", "write -q -P 5 0 64k");
      ours.io("near", "write -q -P 5 0 64k");
      ours.quit();
    } finally {
      server.close();
    }
    command.assertSame("raw", "source", "raw", "disk");
  }

  @Test
  void afterTheDelayRequestsFailUntilTheServerIsBack() throws Exception {
    Daemon server = server();
    try {
      ours.client("nbd", "s", "'reconnect-delay': 1");
      server.kill();
      ours.io("nbd", "read -q 0 4k");
      assertThat(ours.output()).isEqualTo(FAILED);
      ours.io("nbd", "read -q 0 4k");
      assertThat(ours.output()).isEqualTo(FAILED + FAILED);
      server = server();
      ours.io("nbd", "read -q -P 0 0 4k");
      assertThat(ours.output()).isEqualTo(FAILED + FAILED);
      ours.run("blockdev-del", "'node-name': 'nbd'");
    } finally {
      server.close();
    }
  }

  private ServerSocketChannel listener() throws IOException {
    Files.deleteIfExists(directory.resolve("s"));
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return listener.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
  }

  private interface Action {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> beside(Action action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        action.run();
        done.complete(null);
      } catch (Exception | AssertionError e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  @Test
  void aServerThatHangsWhenItIsBackIsGivenUp() throws Exception {
    try (Daemon server = server()) {
      ours.client("nbd", "s", "'reconnect-delay': 2");
      server.kill();
    }
    try (ServerSocketChannel listener = listener()) {
      CompletableFuture<Void> read = beside(() -> ours.io("nbd", "read -q 0 4k"));
      try (SocketChannel silent = listener.accept()) {
        read.get(60, TimeUnit.SECONDS);
        assertThat(silent.isOpen()).isTrue();
      }
    }
    assertThat(ours.output()).isEqualTo(FAILED);
    ours.run("blockdev-del", "'node-name': 'nbd'");
  }

  @Test
  void openingWaitsForTheServer() throws Exception {
    CompletableFuture<Void> open;
    try (ServerSocketChannel listener = listener()) {
      open = beside(() -> ours.client("nbd", "s", "'open-timeout': 60"));
      listener.accept().close();
    }
    try (Daemon server = server()) {
      open.get(60, TimeUnit.SECONDS);
      ours.io("nbd", "read -q -P 0 0 4k");
      ours.run("blockdev-del", "'node-name': 'nbd'");
      server.kill();
    }
    Files.deleteIfExists(directory.resolve("s"));
    String address = "'server': {'type': 'unix', 'path': 's'}, 'open-timeout': 1";
    String options = "'node-name': 'late', 'driver': 'nbd', " + address;
    try (Served theirs = Served.start(Programs.QEMU, directory)) {
      assertThat(ours.refused("blockdev-add", options))
          .isEqualTo(theirs.refused("blockdev-add", options));
    }
  }

  /** A server that does not read: what waits for it ends at once when its connection is cut. */
  @Test
  void yankEndsWhatHangs() throws Exception {
    try (Daemon server = server()) {
      ours.client("nbd", "s", "'reconnect-delay': 1000");
      server.freeze();
      ours.run(
          "blockdev-mirror",
          "'job-id': 'm', 'auto-dismiss': false, 'device': 'near', 'target': 'nbd', 'sync':"
              + " 'full'");
      ours.run("yank", "'instances': [{'type': 'block-node', 'node-name': 'nbd'}]");
      assertThat(ours.awaitEnd("m")).isEqualTo("Input/output error");
      ours.run("blockdev-del", "'node-name': 'nbd'");
      server.thaw();
    }
  }

  @Test
  void aCancelledMirrorDoesNotWaitForItsServer() throws Exception {
    Daemon server = server();
    try {
      ours.client("nbd", "s", "'reconnect-delay': 1000");
      ours.run(
          "blockdev-mirror",
          "'job-id': 'm', 'auto-dismiss': false, 'device': 'near', 'target': 'nbd', 'sync':"
              + " 'full', 'speed': 4194304");
      awaitProgress(1 << 20);
      server.kill();
      ours.run("block-job-set-speed", "'device': 'm', 'speed': 0");
      ours.run("block-job-cancel", "'device': 'm', 'force': true");
      ours.await("BLOCK_JOB_CANCELLED", "m");
      ours.run("job-dismiss", "'id': 'm'");
      ours.run("blockdev-del", "'node-name': 'nbd'");
    } finally {
      server.close();
    }
  }

  @Test
  void aBitmapOfTheServerIsTheNodesMap() throws Exception {
    command.ok("qemu-img", "create", "-q", "-f", "qcow2", "i.qcow2", "8M");
    command.ok("qemu-img", "bitmap", "--add", "i.qcow2", "b");
    command.ok("qemu-io", "-c", "write -q 1M 300k", "-c", "write -q 5M 64k", "i.qcow2");
    command.ok("qemu-img", "bitmap", "--disable", "i.qcow2", "b");
    String context = "'read-only': true, 'export': 'x', 'x-dirty-bitmap': 'qemu:dirty-bitmap:b'";
    String[] maps = new String[2];
    try (Daemon server =
            Daemon.qemuNbd(
                directory, "t", "-r", "-e", "0", "-f", "qcow2", "-x", "x", "-B", "b", "i.qcow2");
        Served theirs = Served.start(Programs.QEMU, directory)) {
      assertThat(server).isNotNull();
      for (Served each : new Served[] {ours, theirs}) {
        boolean isOurs = each == ours;
        String socket = isOurs ? "ours" : "theirs";
        each.client("nbd", "t", context);
        each.listen(socket);
        each.export("nbd", "");
        String uri = "nbd+unix:///nbd?socket=" + directory.resolve(socket);
        maps[isOurs ? 0 : 1] = command.ok("nbdinfo", "--map", uri);
        String wrong = context.replace(":b'", ":c'");
        String server2 = "'server': {'type': 'unix', 'path': 't'}, ";
        maps[isOurs ? 0 : 1] +=
            each.refused("blockdev-add", "'node-name': 'c', 'driver': 'nbd', " + server2 + wrong);
      }
    }
    assertThat(maps[0]).isEqualTo(maps[1]).contains("hole");
  }
}
