// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qblockd.it.copy.Copy.Event;
import org.qblockd.it.copy.Copy.Format;
import org.qblockd.it.copy.InjectedError.Action;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.json.JsonWriter;

/**
 * One request of a mirror or backup fails; the job stops, goes on or ends as it was told, and a
 * copy that ends well holds what it must. Properties as in {@link CopyWhileWritingIT}, with {@code
 * qblockd.errors.rounds} for the number.
 */
final class InjectedErrorIT {
  private static final int ROUNDS = Integer.getInteger("qblockd.errors.rounds", 24);
  private static final int ROUNDS_OF_QEMU = Math.min(ROUNDS, 12);
  private static final String JOB = "job";

  @TempDir Path directory;

  @BeforeAll
  static void toolsAreInstalled() {
    Assumptions.assumeTrue(ImageTools.installed(), "qemu-img and qemu-io are not installed");
  }

  @Test
  void jobsDoAsTheyAreTold() throws Exception {
    run(Programs.underTest(), ROUNDS);
  }

  @Test
  void jobsOfTheRealQemuDoToo() throws Exception {
    Assumptions.assumeTrue(ImageTools.onPath(Programs.QEMU), Programs.QEMU + " is not installed");
    run(Programs.QEMU, ROUNDS_OF_QEMU);
  }

  private void run(String program, int rounds) throws Exception {
    long seed = Programs.seed();
    System.out.println("seed " + seed + " of errors in " + program);
    Random order = new Random(seed);
    List<InjectedError> deck = new ArrayList<>();
    while (deck.size() < rounds) {
      List<InjectedError> all = InjectedError.all();
      Collections.shuffle(all, order);
      deck.addAll(all);
    }
    for (int i = 0; i < rounds; i++) {
      Path place = Files.createDirectory(directory.resolve("e" + i));
      round(program, place, deck.get(i), seed, i);
      Programs.delete(place);
    }
  }

  private static void round(String program, Path place, InjectedError error, long seed, int number)
      throws Exception {
    Random random = new Random(seed * 1_000 + number);
    ImageTools tools = new ImageTools(place);
    DiskModel disk = new DiskModel(Chain.randomSize(random));
    Chain chain = Chain.create(tools, random, disk);
    String target = "target." + error.target().wireName();
    tools.create(error.target(), "", target, disk.size());
    try (BlockServer server = BlockServer.start(program, place, drive(chain, error))) {
      try {
        new Round(server, tools, new Guest(server, disk, random), disk, error).run(chain, target);
        tools.assertHolds(disk.content(), chain.format(), chain.file());
        tools.assertClean(chain.format(), chain.file());
        tools.assertClean(error.target(), target);
      } catch (AssertionError | IOException e) {
        throw new AssertionError(
            "%s\nagain: -Dqblockd.copy.seed=%d, round %d: %s\n--- server:\n%s"
                .formatted(e.getMessage(), seed, number, error, server.output()),
            e);
      }
    }
  }

  /** A drive given as JSON; the option's own commas are doubled. */
  private static List<String> drive(Chain chain, InjectedError error) {
    JsonObject options = options(chain.node(), chain.format(), error.protocol(true, chain.file()));
    String json = JsonWriter.toText(options).replace(",", ",,");
    return List.of("-drive", "if=none,id=drive0,file=json:" + json);
  }

  private static JsonObject options(String node, Format format, JsonObject protocol) {
    return QmpClient.object(
        "driver", format.wireName(), "node-name", node, "discard", "unmap", "file", protocol);
  }

  /** One start of a server and one job in it. */
  private record Round(
      BlockServer server, ImageTools tools, Guest guest, DiskModel disk, InjectedError error) {

    void run(Chain chain, String target) throws IOException, InterruptedException {
      server
          .qmp()
          .execute(
              "blockdev-add", options("target", error.target(), error.protocol(false, target)));
      byte[] before = disk.content();
      server
          .qmp()
          .execute(
              error.mirror() ? "blockdev-mirror" : "blockdev-backup",
              QmpClient.object(
                  "job-id",
                  JOB,
                  "device",
                  "drive0",
                  "target",
                  "target",
                  "sync",
                  "full",
                  error.onSource() ? "on-source-error" : "on-target-error",
                  error.policy().name().toLowerCase(Locale.ROOT)));
      awaitError();
      if (error.action() == Action.REPORT) {
        JsonObject end = server.awaitJob(JOB, Event.BLOCK_JOB_COMPLETED);
        assertThat(QmpClient.text(end, "data", "error"))
            .isEqualTo(error.noSpace() ? "No space left on device" : "Input/output error");
        server.awaitGone(JOB);
        finish(chain);
        return;
      }
      if (error.action() == Action.STOP) {
        guest.requests(0, 6);
        server.qmp().execute("block-job-resume", "device", JOB);
      }
      guest.requests(0, 6);
      if (error.mirror()) {
        server.awaitJob(JOB, Event.BLOCK_JOB_READY);
        guest.requests(0, 6);
        guest.settle();
        server.qmp().execute("block-job-cancel", "device", JOB);
      }
      JsonObject end = server.awaitJob(JOB, Event.BLOCK_JOB_COMPLETED);
      assertThat(QmpClient.text(end, "data", "error")).isEmpty();
      server.awaitGone(JOB);
      finish(chain);
      tools.assertHolds(error.mirror() ? disk.content() : before, error.target(), target);
    }

    private void awaitError() throws IOException, InterruptedException {
      JsonObject event = server.awaitJob(JOB, Event.BLOCK_JOB_ERROR);
      String said = JsonWriter.toText(event);
      assertThat(QmpClient.text(event, "data", "action"))
          .as(said)
          .isEqualTo(error.action().name().toLowerCase(Locale.ROOT));
      assertThat(QmpClient.text(event, "data", "operation"))
          .as(said)
          .isEqualTo(error.onSource() ? "read" : "write");
    }

    private void finish(Chain chain) throws IOException, InterruptedException {
      guest.settle();
      if (disk.isOpen()) {
        server.io("flush");
        disk.learn(tools.read(chain.format(), chain.file()));
      }
      server.quit();
    }
  }
}
