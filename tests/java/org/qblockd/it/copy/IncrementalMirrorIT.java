// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.it.copy.Copy.Event;
import org.qblockd.it.copy.Copy.Format;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * The use that the incremental mirror was proposed for in 2019, between two servers and with a
 * client that writes all the time: a remote image; a bitmap; a full backup to it; several
 * incremental ones; a new image over the backup; the mirror of what is left. Then the backup is
 * streamed into the new image, and both disks are equal.
 */
final class IncrementalMirrorIT {
  private static final int SIZE = 16 << 20;

  @TempDir Path directory;

  @BeforeAll
  static void toolsAreInstalled() {
    Assumptions.assumeTrue(ImageTools.installed(), "qemu-img and qemu-io are not installed");
  }

  @Test
  void theDiskMovesByItsDelta() throws Exception {
    long seed = Programs.seed();
    System.out.println("seed " + seed + " of the incremental mirror");
    ImageTools tools = new ImageTools(directory);
    tools.create(Format.QCOW2, "", "disk", SIZE);
    tools.create(Format.RAW, "", "backup", SIZE);
    tools.create(Format.QCOW2, "", "new", SIZE, "-b", "backup", "-F", "raw");
    String drive = "if=none,id=drive0,node-name=disk,file=disk,format=qcow2";
    try (BlockServer remote = BlockServer.start(Programs.underTest(), directory, List.of());
        BlockServer server =
            BlockServer.start(Programs.underTest(), directory, List.of("-drive", drive))) {
      serve(remote, "far");
      remote.qmp().execute("blockdev-add", image("raw", "backup"));
      export(remote, "backup", "backup");
      serve(server, "near");
      export(server, "disk", "disk");
      try (BusyWriter writer = BusyWriter.start(directory, "near", SIZE, new Random(seed))) {
        writer.awaitRounds(4);
        backups(server, writer);
        moveBackup(remote);
        mirror(server, writer);
      }
      stream(remote);
      server.quit();
      remote.quit();
    }
    assertThat(tools.read(Format.QCOW2, "new"))
        .as("seed %d", seed)
        .isEqualTo(tools.read(Format.QCOW2, "disk"));
    tools.assertClean(Format.QCOW2, "new");
  }

  /** Bitmap and full backup at one moment, then twice what was written since. */
  private static void backups(BlockServer server, BusyWriter writer)
      throws IOException, InterruptedException {
    QmpClient qmp = server.qmp();
    JsonObject address = QmpClient.object("type", "unix", "path", "far");
    qmp.execute(
        "blockdev-add",
        QmpClient.object(
            "driver", "nbd", "node-name", "to", "server", address, "export", "backup"));
    JsonValue add =
        QmpClient.object(
            "type",
            "block-dirty-bitmap-add",
            "data",
            QmpClient.object("node", "disk", "name", "b0"));
    JsonValue full =
        QmpClient.object("type", "blockdev-backup", "data", backup("full", "sync", "full"));
    qmp.execute("transaction", QmpClient.object("actions", new JsonArray(List.of(add, full))));
    awaitEnd(server, "full");
    for (String id : List.of("first", "second")) {
      writer.awaitRounds(2);
      qmp.execute("blockdev-backup", backup(id, "sync", "incremental", "bitmap", "b0"));
      awaitEnd(server, id);
    }
    qmp.execute("blockdev-del", "node-name", "to");
  }

  private static JsonObject backup(String id, Object... more) {
    List<Object> words = new ArrayList<>(List.of("job-id", id, "device", "disk", "target", "to"));
    words.addAll(List.of(more));
    return QmpClient.object(words.toArray());
  }

  /** The new image lies on the backup and is exported instead of it. */
  private static void moveBackup(BlockServer remote) throws IOException, InterruptedException {
    QmpClient qmp = remote.qmp();
    qmp.execute("block-export-del", "id", "backup");
    JsonObject unused =
        qmp.await(each -> QmpClient.text(each, "event").equals("BLOCK_EXPORT_DELETED"));
    JsonObject file = QmpClient.object("driver", "file", "filename", "new");
    qmp.execute(
        "blockdev-add",
        QmpClient.object("driver", "qcow2", "node-name", "new", "file", file, "backing", "backup"));
    export(remote, "new", "new");
  }

  private static void mirror(BlockServer server, BusyWriter writer)
      throws IOException, InterruptedException {
    writer.awaitRounds(2);
    QmpClient qmp = server.qmp();
    qmp.execute(
        "drive-mirror",
        QmpClient.object(
            "job-id",
            "mirror",
            "device",
            "drive0",
            "sync",
            "incremental",
            "bitmap",
            "b0",
            "target",
            "nbd+unix:///new?socket=far",
            "format",
            "raw",
            "mode",
            "existing"));
    JsonObject ready = server.awaitJob("mirror", Event.BLOCK_JOB_READY);
    assertThat(QmpClient.text(ready, "data", "device")).isEqualTo("mirror");
    writer.awaitRounds(2);
    writer.stop();
    qmp.execute("block-job-cancel", "device", "mirror");
    awaitEnd(server, "mirror");
  }

  private static void stream(BlockServer remote) throws IOException, InterruptedException {
    QmpClient qmp = remote.qmp();
    qmp.execute("block-export-del", "id", "new");
    JsonObject unused =
        qmp.await(each -> QmpClient.text(each, "event").equals("BLOCK_EXPORT_DELETED"));
    qmp.execute("block-stream", "job-id", "stream", "device", "new");
    awaitEnd(remote, "stream");
  }

  private static void awaitEnd(BlockServer server, String id)
      throws IOException, InterruptedException {
    JsonObject end = server.awaitJob(id, Event.BLOCK_JOB_COMPLETED);
    assertThat(QmpClient.text(end, "data", "error")).as(id).isEmpty();
    server.awaitGone(id);
  }

  private static void serve(BlockServer server, String socket)
      throws IOException, InterruptedException {
    JsonObject path = QmpClient.object("path", socket);
    server
        .qmp()
        .execute("nbd-server-start", "addr", QmpClient.object("type", "unix", "data", path));
  }

  private static void export(BlockServer server, String node, String id)
      throws IOException, InterruptedException {
    server
        .qmp()
        .execute(
            "block-export-add",
            QmpClient.object("type", "nbd", "id", id, "node-name", node, "writable", true));
  }

  private static JsonObject image(String driver, String name) {
    JsonObject file = QmpClient.object("driver", "file", "filename", name);
    return QmpClient.object("driver", driver, "node-name", name, "file", file);
  }
}
