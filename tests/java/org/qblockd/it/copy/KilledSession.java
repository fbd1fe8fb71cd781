// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.qblockd.it.copy.Copy.Format;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonArray;
import org.qblockd.qapi.json.JsonValue.JsonInteger;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonWriter;

/**
 * One server that is killed while a job runs on its disk, and what must be found afterwards. The
 * disk is the top of a chain of three qcow2 images, or one raw image with a side file. One test
 * thread.
 */
final class KilledSession {
  private static final int SIZE = 8 << 20;
  private static final int BLOCK = 4096;
  private static final int BLOCKS = SIZE / BLOCK;

  /** What runs when the server is killed. */
  enum Kind {
    MIRROR,
    MIRROR_WRITE_BLOCKING,
    MIRROR_BITMAP,
    MIRROR_WORKING_BITMAP,
    BACKUP_FULL,
    BACKUP_TOP,
    BACKUP_NONE,
    BACKUP_INCREMENTAL,
    BACKUP_BITMAP_ALWAYS,
    STREAM,
    COMMIT_INTERMEDIATE,
    COMMIT_ACTIVE,
    CREATE,
    BITMAP_COMMANDS;

    boolean needsChain() {
      return switch (this) {
        case BACKUP_TOP, STREAM, COMMIT_INTERMEDIATE, COMMIT_ACTIVE -> true;
        default -> false;
      };
    }

    /** Whether it may end before the kill and leave in the bitmap only what was written since. */
    boolean mayClear() {
      return this == BACKUP_INCREMENTAL || this == BACKUP_BITMAP_ALWAYS;
    }
  }

  /** A write: what a block must hold from then on, or may hold while it is under way. */
  private record Write(int block, int count, int pattern) {}

  private final Path directory;
  private final ImageTools tools;
  private final Random random;
  private final boolean raw;
  private final boolean journal;

  /**
   * What each block may hold: what was flushed, then what was written since; the last is newest.
   */
  private final List<List<Integer>> allowed = new ArrayList<>();

  /** Blocks that were written since the bitmap was made, by writes that were answered. */
  private final boolean[] dirty = new boolean[BLOCKS];

  private final List<Write> underWay = new ArrayList<>();

  KilledSession(Path directory, Random random, boolean raw)
      throws IOException, InterruptedException {
    this.directory = directory;
    this.tools = new ImageTools(directory);
    this.random = random;
    this.raw = raw;
    this.journal = raw || random.nextInt(4) > 0;
    for (int i = 0; i < BLOCKS; i++) {
      allowed.add(List.of(0));
    }
    if (raw) {
      tools.create(Format.RAW, "", "top", SIZE);
      tools.create(Format.RAW, "", "bitmaps", 0);
      return;
    }
    tools.create(Format.QCOW2, "", "base", SIZE);
    tools.create(Format.QCOW2, "", "middle", SIZE, "-b", "base", "-F", "qcow2");
    tools.create(Format.QCOW2, "", "top", SIZE, "-b", "middle", "-F", "qcow2");
    fill("base", 0, BLOCKS, 1);
    fill("middle", 0, BLOCKS / 2, 2);
    if (!journal) {
      tools.addBitmap("top", "b0");
    }
  }

  private void fill(String image, int block, int count, int pattern)
      throws IOException, InterruptedException {
    String place = (long) block * BLOCK + " " + (long) count * BLOCK;
    tools.io(image, List.of("write -P " + pattern + " " + place));
    Collections.fill(allowed.subList(block, block + count), List.of(pattern));
  }

  private String drive() {
    String common =
        "if=none,id=drive0,node-name=top,file=top,x-bitmap-journal=" + (journal ? "on" : "off");
    return raw
        ? common + ",format=raw,x-bitmap-file.driver=file,x-bitmap-file.filename=bitmaps"
        : common + ",format=qcow2,backing.node-name=middle,backing.backing.node-name=base";
  }

  private Format format() {
    return raw ? Format.RAW : Format.QCOW2;
  }

  /** Starts the job, writes, and kills the server. */
  void runAndKill(Kind kind) throws IOException, InterruptedException {
    try (BlockServer server =
        BlockServer.start(Programs.underTest(), directory, List.of("-drive", drive()))) {
      if (journal) {
        server
            .qmp()
            .execute("block-dirty-bitmap-add", "node", "top", "name", "b0", "persistent", true);
      }
      writes(server, 3 + random.nextInt(10));
      start(server, kind);
      if (kind.mayClear()) {
        Arrays.fill(dirty, false);
      }
      for (int i = random.nextInt(40); i > 0; i--) {
        writes(server, 1);
        if (random.nextInt(6) == 0) {
          flush(server);
        }
        if (kind == Kind.BITMAP_COMMANDS) {
          bitmapCommand(server, i);
        }
      }
      for (int i = 0; i < 3; i++) {
        startWrite(server, i);
      }
      server.kill();
    }
  }

  private void writes(BlockServer server, int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      Write write = new Write(random.nextInt(BLOCKS - 16), 1 + random.nextInt(16), pattern());
      server.io("write " + words(write));
      for (int at = write.block; at < write.block + write.count; at++) {
        written(at, write.pattern);
        dirty[at] = true;
      }
    }
  }

  /** A write of a raw image is in the kernel's hands; qcow2 keeps its tables until a flush. */
  private void written(int block, int pattern) {
    List<Integer> next = raw ? new ArrayList<>() : new ArrayList<>(allowed.get(block));
    next.add(pattern);
    allowed.set(block, next);
  }

  private void flush(BlockServer server) throws IOException, InterruptedException {
    server.io("flush");
    allowed.replaceAll(values -> List.of(values.getLast()));
  }

  private int pattern() {
    return 3 + random.nextInt(250);
  }

  private static String words(Write write) {
    return "-P %d %d %d".formatted(write.pattern, write.block * BLOCK, write.count * BLOCK);
  }

  /** Writes that may be under way lie apart from each other. */
  private void startWrite(BlockServer server, int number) throws IOException, InterruptedException {
    int third = BLOCKS / 3;
    Write write =
        new Write(number * third + random.nextInt(third - 64), 1 + random.nextInt(64), pattern());
    underWay.add(write);
    server.io("aio_write -q " + words(write));
  }

  private void bitmapCommand(BlockServer server, int number)
      throws IOException, InterruptedException {
    String name = "x" + number;
    QmpClient qmp = server.qmp();
    qmp.execute("block-dirty-bitmap-add", "node", "top", "name", name, "persistent", true);
    switch (random.nextInt(3)) {
      case 0 -> qmp.execute("block-dirty-bitmap-remove", "node", "top", "name", name);
      case 1 -> {
        JsonObject both = QmpClient.object("node", "top", "name", "b0");
        qmp.execute(
            "x-block-dirty-bitmap-rotate",
            QmpClient.object("epoch", "e" + number, "bitmaps", new JsonArray(List.of(both))));
        qmp.execute(
            "block-dirty-bitmap-merge",
            QmpClient.object(
                "node",
                "top",
                "target",
                "b0",
                "bitmaps",
                new JsonArray(List.of(new JsonValue.JsonString("e" + number)))));
      }
      default -> qmp.execute("block-dirty-bitmap-clear", "node", "top", "name", name);
    }
  }

  private void start(BlockServer server, Kind kind) throws IOException, InterruptedException {
    switch (kind) {
      case BITMAP_COMMANDS -> {}
      case STREAM -> job(server, "block-stream", "device", "drive0");
      case COMMIT_ACTIVE -> job(server, "block-commit", "device", "drive0");
      case COMMIT_INTERMEDIATE ->
          job(server, "block-commit", "device", "drive0", "top-node", "middle");
      case CREATE -> create(server);
      case MIRROR -> copy(server, "blockdev-mirror", "sync", "full");
      case MIRROR_WRITE_BLOCKING ->
          copy(server, "blockdev-mirror", "sync", "full", "copy-mode", "write-blocking");
      case MIRROR_BITMAP ->
          copy(
              server, "blockdev-mirror", "sync", "bitmap", "bitmap", "b0", "bitmap-mode", "always");
      case MIRROR_WORKING_BITMAP -> copy(server, "blockdev-mirror", "sync", "full", "bitmap", "b0");
      case BACKUP_FULL -> copy(server, "blockdev-backup", "sync", "full");
      case BACKUP_TOP -> copy(server, "blockdev-backup", "sync", "top");
      case BACKUP_NONE -> copy(server, "blockdev-backup", "sync", "none");
      case BACKUP_INCREMENTAL ->
          copy(server, "blockdev-backup", "sync", "incremental", "bitmap", "b0");
      case BACKUP_BITMAP_ALWAYS ->
          copy(
              server, "blockdev-backup", "sync", "bitmap", "bitmap", "b0", "bitmap-mode", "always");
    }
  }

  private void job(BlockServer server, String command, Object... arguments)
      throws IOException, InterruptedException {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("job-id", "job0", "speed", 1 << 20));
    server.qmp().execute(command, all.toArray());
  }

  private void copy(BlockServer server, String command, Object... arguments)
      throws IOException, InterruptedException {
    tools.create(Format.QCOW2, "", "target", SIZE);
    JsonObject file = QmpClient.object("driver", "file", "filename", "target");
    server.qmp().execute("blockdev-add", "driver", "qcow2", "node-name", "target", "file", file);
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("device", "drive0", "target", "target"));
    job(server, command, all.toArray());
  }

  private static void create(BlockServer server) throws IOException, InterruptedException {
    JsonObject file = QmpClient.object("driver", "file", "filename", "made", "size", 0);
    server.qmp().execute("blockdev-create", "job-id", "file", "options", file);
    server.awaitConcluded("file");
    server.qmp().execute("blockdev-add", "driver", "file", "node-name", "made", "filename", "made");
    JsonObject image =
        QmpClient.object(
            "driver", "qcow2", "file", "made", "size", 64 << 20, "preallocation", "metadata");
    server.qmp().execute("blockdev-create", "job-id", "job0", "options", image);
  }

  // ---- afterwards -----------------------------------------------------------------------------

  /** The images are sound and hold what was written; the bitmap knows of all of it. */
  void verify() throws IOException, InterruptedException {
    if (!raw) {
      for (String image : List.of("top", "middle", "base")) {
        tools.assertNotDamaged(image);
      }
    }
    verifyContent(tools.read(format(), "top"));
    try (BlockServer server =
        BlockServer.start(Programs.underTest(), directory, List.of("-drive", drive()))) {
      if (journal) {
        verifyBitmap(
            (JsonObject)
                server.qmp().execute("x-block-dirty-bitmap-read", "node", "top", "name", "b0"));
      } else {
        verifyInconsistent(server);
      }
      server.quit();
    }
    if (!raw) {
      tools.assertSound(Format.QCOW2, "top");
    }
  }

  private void verifyContent(byte[] found) {
    for (int block = 0; block < BLOCKS; block++) {
      for (int at = block * BLOCK; at < (block + 1) * BLOCK; at++) {
        int value = found[at] & 0xff;
        if (!allowed.get(block).contains(value) && !mayHold(block, value)) {
          throw new AssertionError(
              "byte %d is %d, not one of %s".formatted(at, value, allowed.get(block)));
        }
      }
    }
  }

  private boolean mayHold(int block, int value) {
    for (Write write : underWay) {
      boolean within = block >= write.block && block < write.block + write.count;
      if (within && value == write.pattern) {
        return true;
      }
    }
    return false;
  }

  /** Without a journal nobody knows what the bitmap has missed, and the server says so. */
  private static void verifyInconsistent(BlockServer server)
      throws IOException, InterruptedException {
    JsonObject bitmap = QmpClient.object("node", "top", "name", "b0");
    JsonObject reply = server.qmp().ask("block-dirty-bitmap-clear", bitmap);
    if (!QmpClient.text(reply, "error", "desc").startsWith("Bitmap 'b0' is inconsistent")) {
      throw new AssertionError("the bitmap is not inconsistent: " + JsonWriter.toText(reply));
    }
  }

  private void verifyBitmap(JsonObject content) {
    boolean[] known = new boolean[BLOCKS];
    for (JsonValue each : ((JsonArray) content.get("extents")).items()) {
      JsonObject extent = (JsonObject) each;
      int from = (int) (number(extent, "offset") / BLOCK);
      int count = (int) (number(extent, "length") / BLOCK);
      Arrays.fill(known, from, from + count, true);
    }
    for (int block = 0; block < BLOCKS; block++) {
      if (dirty[block] && !known[block]) {
        throw new AssertionError("the bitmap does not know of block " + block);
      }
    }
  }

  private static long number(JsonObject object, String member) {
    return ((JsonInteger) object.get(member)).value();
  }
}
