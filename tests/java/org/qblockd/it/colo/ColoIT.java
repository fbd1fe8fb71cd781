// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.colo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The procedure of QEMU's document on COLO with two servers, compared with the table of writes:
 * what a failover must leave of them.
 */
final class ColoIT {
  private static final int KILLS = Integer.getInteger("colo.kills", 2);
  private static final boolean EVERY_STEP = Boolean.getBoolean("colo.everyStep");

  /** Messages of the source: head, HELLO, RUN_STATE, END, GO, CHECKPOINT_REQUEST, _STATE. */
  private static final int SOURCE_GO = 4;

  private static final int SOURCE_LAST = 6;

  /** Messages of the target: head, WELCOME, LOADED, COLO_READY, CHECKPOINT_REPLY, _LOADED. */
  private static final int TARGET_LAST = 5;

  @TempDir Path scratch = Path.of("");

  private Path host(String name) {
    return scratch.resolve(name);
  }

  private void twoDisks() throws Exception {
    Side.format(host("a"));
    Files.createDirectories(host("b"));
    Files.copy(host("a").resolve("disk.qcow2"), host("b").resolve("disk.qcow2"));
  }

  @Test
  void primaryGoesOnWithAllThatItHasWritten() throws Exception {
    twoDisks();
    try (Side primary = Side.primary(host("a"));
        Side secondary = Side.secondary(host("b"))) {
      primary.beginAndRun(secondary);
      assertEquals("primary", primary.query("query-colo-status", "mode"));
      assertEquals("secondary", secondary.query("query-colo-status", "mode"));
      assertEquals("colo", primary.query("query-migrate", "status"));
      primary.io("write -P 0x22 0 64k");
      secondary.io("read -P 0x11 0 64k");
      primary.checkpoint(secondary);
      secondary.io("read -P 0x22 0 64k");
      primary.io("write -P 0x33 64k 64k");
      secondary.kill();
      primary.failOverAsPrimary();
      assertEquals("request", primary.query("query-colo-status", "reason"));
      assertEquals("completed", primary.query("query-migrate", "status"));
      primary.io("read -P 0x22 0 64k");
      primary.io("read -P 0x33 64k 64k");
      assertEquals("VM is not in COLO mode", primary.refusal("x-colo-lost-heartbeat", "{}"));
      primary.quit();
    }
  }

  @Test
  void rolesChangeRoundAfterRound() throws Exception {
    twoDisks();
    Side primary = Side.primary(host("a"));
    Side secondary = Side.secondary(host("b"));
    String dead = "a";
    String live = "b";
    try {
      primary.beginAndRun(secondary);
      for (int round = 0; round < 2; round++) {
        play(primary, secondary, round);
        Files.delete(host(dead).resolve("disk.qcow2"));
        Side.run(host(dead), "qemu-img", "create", "-q", "-f", "qcow2", "disk.qcow2", "4M");
        Side next = Side.secondary(host(dead));
        secondary.resync(next);
        secondary.beginAndRun(next);
        primary = secondary;
        secondary = next;
        String other = dead;
        dead = live;
        live = other;
      }
      primary.checkpoint(secondary);
      primary.command("stop", "{}");
      primary.kill();
      secondary.awaitColoExit("error");
      secondary.failOverAsSecondary();
      secondary.io("read -P 0x21 0 64k");
      secondary.io("read -P 0x41 192k 64k");
      secondary.quit();
    } finally {
      primary.close();
      secondary.close();
    }
    Side.run(host(live), "qemu-img", "check", "-q", "disk.qcow2");
    Side.run(
        host(live),
        "qemu-io",
        "-c",
        "read -P 0x21 0 64k",
        "-c",
        "read -P 0x11 256k 1M",
        "disk.qcow2");
  }

  /** Writes on both sides, a checkpoint in between; then the primary dies. */
  private static void play(Side primary, Side secondary, int round) throws Exception {
    primary.io("write -P " + (0x20 + round) + " 0 64k");
    primary.checkpoint(secondary);
    primary.io("write -P 0x99 64k 64k");
    primary.io("write -P 0x99 128k 4k");
    secondary.io("write -P 0x77 64k 4k");
    secondary.io("write -P " + (0x40 + round) + " 192k 64k");
    primary.kill();
    secondary.awaitColoExit("error");
    assertEquals("secondary", secondary.query("query-colo-status", "mode"));
    secondary.failOverAsSecondary();
    secondary.io("read -P " + (0x20 + round) + " 0 64k");
    secondary.io("read -P 0x77 64k 4k");
    secondary.io("read -P 0x11 128k 4k");
    secondary.io("read -P " + (0x40 + round) + " 192k 64k");
    secondary.io("write -P 0x11 64k 128k");
  }

  @Test
  void connectionCutAtEachStepNeverLeavesTwo() throws Exception {
    for (int step = EVERY_STEP ? 0 : SOURCE_GO; step <= SOURCE_LAST; step++) {
      cutAt(true, step, Frames.Cut.BOTH);
    }
    if (EVERY_STEP) {
      for (int step = 0; step <= TARGET_LAST; step++) {
        cutAt(false, step, Frames.Cut.BOTH);
        cutAt(false, step, Frames.Cut.HALF);
      }
      for (int step = 0; step <= SOURCE_LAST; step++) {
        cutAt(true, step, Frames.Cut.HALF);
      }
    }
  }

  private void cutAt(boolean fromSource, int step, Frames.Cut how) throws Exception {
    Path place = Files.createDirectories(host("cut-" + fromSource + step + how));
    Side.format(place.resolve("a"));
    Files.createDirectories(place.resolve("b"));
    Files.copy(place.resolve("a/disk.qcow2"), place.resolve("b/disk.qcow2"));
    boolean inColo = fromSource ? step > SOURCE_GO : step > 2;
    try (Side primary = Side.primary(place.resolve("a"));
        Side secondary = Side.secondary(place.resolve("b"));
        Frames proxy = new Frames(secondary.migrationPort, fromSource, step, how)) {
      primary.begin(secondary, proxy.port());
      if (inColo) {
        secondary.await("RESUME");
        primary.requestCheckpoint();
        secondary.awaitColoExit("error");
        primary.kill();
        secondary.failOverAsSecondary();
        secondary.io("read -P 0x11 0 64k");
        secondary.quit();
      } else {
        secondary.awaitEnd();
        goOnAlone(primary);
      }
    }
  }

  /** The target has gone before it took over. */
  private static void goOnAlone(Side primary) throws Exception {
    if (primary.query("query-colo-status", "mode").equals("primary")) {
      primary.failOverAsPrimary();
    } else {
      primary.command(
          "x-blockdev-change", "{\"parent\": \"colo-disk0\", \"child\": \"children.1\"}");
      primary.command("cont", "{}");
    }
    primary.io("write -P 0x22 0 64k");
    primary.io("read -P 0x22 0 64k");
    primary.quit();
  }

  @Test
  void survivesKillsAtRandomMoments() throws Exception {
    long seed = Long.getLong("colo.seed", 20260101L);
    Random random = new Random(seed);
    for (int kill = 0; kill < KILLS; kill++) {
      killOnce(random, "seed " + seed + ", kill " + kill);
    }
  }

  private void killOnce(Random random, String which) throws Exception {
    Path place = Files.createDirectories(host(which.replace(' ', '-')));
    Side.format(place.resolve("a"));
    Files.createDirectories(place.resolve("b"));
    Files.copy(place.resolve("a/disk.qcow2"), place.resolve("b/disk.qcow2"));
    try (Side primary = Side.primary(place.resolve("a"));
        Side secondary = Side.secondary(place.resolve("b"))) {
      primary.beginAndRun(secondary);
      primary.io("write -P 0x22 0 64k");
      primary.checkpoint(secondary);
      boolean killPrimary = random.nextBoolean();
      boolean inCheckpoint = random.nextBoolean();
      primary.io("write -P 0x33 64k 64k");
      secondary.io("write -P 0x44 128k 64k");
      if (inCheckpoint) {
        primary.requestCheckpoint();
      }
      for (int spins = random.nextInt(1 << 20); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      if (killPrimary) {
        primary.kill();
        secondary.awaitColoExit("error");
        secondary.failOverAsSecondary();
        secondary.io("read -P 0x22 0 64k");
        secondary.io("write -P 0x55 192k 64k");
        secondary.quit();
        Side.run(place.resolve("b"), "qemu-img", "check", "-q", "disk.qcow2");
      } else {
        secondary.kill();
        primary.failOverAsPrimary();
        primary.io("read -P 0x22 0 64k");
        primary.io("read -P 0x33 64k 64k");
        primary.quit();
        Side.run(place.resolve("a"), "qemu-img", "check", "-q", "disk.qcow2");
      }
    } catch (AssertionError failed) {
      throw new AssertionError(which + ": " + failed.getMessage(), failed);
    }
  }
}
