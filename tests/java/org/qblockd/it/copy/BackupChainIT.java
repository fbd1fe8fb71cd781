// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.qblockd.it.copy.Copy.Format;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * A full backup and three incremental ones while a client writes all the time; what is restored
 * from each is the disk at that moment.
 *
 * <p>The moment is known by a second copy of the disk: the client writes to a quorum of two images
 * that must agree, and in one transaction the one is backed up as users do, the other in full.
 */
final class BackupChainIT {
  private static final int SIZE = 16 << 20;
  private static final int INCREMENTS = 3;

  /** Where the bitmap lives. */
  enum Kind {
    RAW_IN_MEMORY,
    RAW_SIDE_FILE,
    QCOW2;

    Format format() {
      return this == QCOW2 ? Format.QCOW2 : Format.RAW;
    }

    boolean survives() {
      return this != RAW_IN_MEMORY;
    }
  }

  @TempDir Path directory;
  private ImageTools tools;
  private Kind kind;

  @BeforeAll
  static void toolsAreInstalled() {
    Assumptions.assumeTrue(ImageTools.installed(), "qemu-img and qemu-io are not installed");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRestoredIsTheMoment(Kind one) throws Exception {
    kind = one;
    tools = new ImageTools(directory);
    long seed = Programs.seed();
    System.out.println("seed " + seed + " of backups of " + kind);
    Random random = new Random(seed);
    tools.create(kind.format(), "", "a", SIZE);
    tools.create(kind.format(), "", "b", SIZE);
    tools.create(Format.RAW, "", "bitmaps", 0);
    try (BlockServer server = start();
        BusyWriter writer = BusyWriter.start(directory, "nbd", SIZE, random)) {
      writer.awaitRounds(4);
      backup(server, 0);
      writer.awaitRounds(2);
      backup(server, 1);
      if (!kind.survives()) {
        writer.awaitRounds(2);
        backup(server, 2);
        writer.awaitRounds(2);
        backup(server, INCREMENTS);
      }
      writer.awaitRounds(1);
      writer.stop();
      server.quit();
    }
    if (kind.survives()) {
      backupsAfterRestart(random);
    }
    for (int i = 0; i <= INCREMENTS; i++) {
      byte[] moment = Files.readAllBytes(directory.resolve("moment" + i));
      byte[] restored = tools.read(Format.QCOW2, "backup" + i);
      assertThat(Arrays.mismatch(restored, moment))
          .as("seed %d, %s, first difference of backup %d", seed, kind, i)
          .isEqualTo(-1);
    }
  }

  /** The server ends and starts again: the bitmap is stored with what it knows. */
  private void backupsAfterRestart(Random random) throws IOException, InterruptedException {
    try (BlockServer server = start();
        BusyWriter writer = BusyWriter.start(directory, "nbd", SIZE, random)) {
      writer.awaitRounds(2);
      backup(server, 2);
      writer.awaitRounds(2);
      backup(server, INCREMENTS);
      writer.stop();
      server.quit();
    }
  }

  private BlockServer start() throws IOException, InterruptedException {
    Files.deleteIfExists(directory.resolve("nbd"));
    BlockServer server = BlockServer.start(Programs.underTest(), directory, List.of());
    QmpClient qmp = server.qmp();
    qmp.execute("blockdev-add", image("a"));
    qmp.execute("blockdev-add", image("b"));
    JsonArray both = new JsonArray(List.of(text("a"), text("b")));
    qmp.execute(
        "blockdev-add",
        QmpClient.object(
            "driver", "quorum", "node-name", "q", "vote-threshold", 2, "children", both));
    qmp.execute(
        "nbd-server-start",
        QmpClient.object(
            "addr", QmpClient.object("type", "unix", "data", QmpClient.object("path", "nbd"))));
    qmp.execute(
        "block-export-add",
        QmpClient.object(
            "type", "nbd", "id", "e", "node-name", "q", "name", "disk", "writable", true));
    return server;
  }

  private static JsonValue text(String words) {
    return new JsonValue.JsonString(words);
  }

  private JsonObject image(String name) {
    JsonObject file = QmpClient.object("driver", "file", "filename", name);
    String format = kind.format().wireName();
    if (kind == Kind.RAW_SIDE_FILE && name.equals("a")) {
      JsonObject side = QmpClient.object("driver", "file", "filename", "bitmaps");
      return QmpClient.object(
          "driver", format, "node-name", name, "file", file, "x-bitmap-file", side);
    }
    return QmpClient.object("driver", format, "node-name", name, "file", file);
  }

  /** Backs up both images in one transaction and waits for the end. */
  private void backup(BlockServer server, int number) throws IOException, InterruptedException {
    QmpClient qmp = server.qmp();
    String target = "backup" + number;
    if (number == 0) {
      tools.create(Format.QCOW2, "", target, SIZE);
    } else {
      tools.create(Format.QCOW2, "", target, SIZE, "-b", "backup" + (number - 1), "-F", "qcow2");
    }
    tools.create(Format.RAW, "", "moment" + number, SIZE);
    addTarget(qmp, "qcow2", target);
    addTarget(qmp, "raw", "moment" + number);
    List<JsonValue> actions = new ArrayList<>();
    if (number == 0) {
      actions.add(
          action(
              "block-dirty-bitmap-add",
              QmpClient.object("node", "a", "name", "b0", "persistent", kind.survives())));
      actions.add(action("blockdev-backup", job("a", target, "full")));
    } else {
      List<Object> words = new ArrayList<>(List.of("bitmap", "b0"));
      actions.add(action("blockdev-backup", job("a", target, "incremental", words.toArray())));
    }
    actions.add(action("blockdev-backup", job("b", "moment" + number, "full")));
    qmp.execute("transaction", QmpClient.object("actions", new JsonArray(actions)));
    for (String each : List.of(target, "moment" + number)) {
      JsonObject end = server.awaitJob(each, Copy.Event.BLOCK_JOB_COMPLETED);
      assertThat(QmpClient.text(end, "data", "error")).isEmpty();
      server.awaitGone(each);
      qmp.execute("blockdev-del", "node-name", each);
    }
  }

  private static void addTarget(QmpClient qmp, String format, String name)
      throws IOException, InterruptedException {
    JsonObject file = QmpClient.object("driver", "file", "filename", name);
    List<Object> words = new ArrayList<>(List.of("driver", format, "node-name", name));
    words.addAll(List.of("file", file));
    if (format.equals("qcow2")) {
      words.addAll(List.of("backing", JsonValue.JsonNull.NULL));
    }
    qmp.execute("blockdev-add", words.toArray());
  }

  private static JsonObject job(String device, String target, String sync, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("job-id", target, "device", device, "target", target));
    words.addAll(List.of("sync", sync));
    words.addAll(List.of(more));
    return QmpClient.object(words.toArray());
  }

  private static JsonValue action(String type, JsonObject data) {
    return QmpClient.object("type", type, "data", data);
  }
}
