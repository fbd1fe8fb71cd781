// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.qblockd.it.copy.Copy.Event;
import org.qblockd.it.copy.Copy.Format;

/**
 * One start of a server: a disk over a chain of images, among which jobs move data while a guest
 * writes. One test thread.
 */
final class ChainSession implements AutoCloseable {
  private final ImageTools tools;
  private final Random random;
  private final DiskModel disk;
  private final BlockServer server;
  private final Guest guest;

  /** Names of the images, which are those of their nodes, from the active one down. */
  private final List<String> chain;

  private final List<String> log = new ArrayList<>();

  private ChainSession(
      ImageTools tools, Random random, DiskModel disk, List<String> chain, BlockServer server) {
    this.tools = tools;
    this.random = random;
    this.disk = disk;
    this.chain = chain;
    this.server = server;
    this.guest = new Guest(server, disk, random);
  }

  /** Makes a chain of four images in an empty directory and starts the program. */
  static ChainSession start(String program, Path directory, Random random)
      throws IOException, InterruptedException {
    ImageTools tools = new ImageTools(directory);
    DiskModel disk = new DiskModel(4 << 20);
    List<String> chain = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      boolean raw = i == 0 && random.nextInt(3) == 0;
      String name = (raw ? "r" : "q") + i;
      create(tools, random, disk, raw ? Format.RAW : Format.QCOW2, name, chain);
      chain.addFirst(name);
    }
    StringBuilder drive = new StringBuilder("if=none,id=drive0,discard=unmap,format=qcow2");
    drive.append(",file=").append(chain.getFirst());
    String prefix = ",";
    for (String name : chain) {
      drive.append(prefix).append("node-name=").append(name);
      prefix += "backing.";
    }
    BlockServer server = BlockServer.start(program, directory, List.of("-drive", drive.toString()));
    return new ChainSession(tools, random, disk, chain, server);
  }

  private static void create(
      ImageTools tools,
      Random random,
      DiskModel disk,
      Format format,
      String name,
      List<String> chain)
      throws IOException, InterruptedException {
    List<String> backing = new ArrayList<>();
    if (!chain.isEmpty()) {
      backing.addAll(List.of("-b", chain.getFirst(), "-F", format(chain.getFirst()).wireName()));
    }
    String cluster = "cluster_size=" + (random.nextBoolean() ? "64k" : "4k");
    tools.create(
        format,
        format == Format.RAW ? "" : cluster,
        name,
        disk.size(),
        backing.toArray(new String[0]));
    if (format == Format.QCOW2) {
      List<String> commands = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int length = 512 * (1 + random.nextInt(1000));
        int offset = random.nextInt((disk.size() - length) / 512) * 512;
        int pattern = 1 + random.nextInt(250);
        commands.add("write -P " + pattern + " " + offset + " " + length);
        disk.fill(offset, length, pattern);
      }
      tools.io(name, commands);
    }
  }

  private static Format format(String name) {
    return name.startsWith("r") ? Format.RAW : Format.QCOW2;
  }

  /** What was done, a line per job. */
  List<String> log() {
    return log;
  }

  /** Runs jobs until one image is left, or kills the server during one of them. */
  void run(boolean kills) throws IOException, InterruptedException {
    while (chain.size() > 1) {
      guest.requests(1, 6);
      boolean kill = kills && random.nextInt(2) == 0;
      String id = "job" + log.size();
      int kind = random.nextInt(chain.size() > 2 ? 3 : 2);
      switch (kind) {
        case 0 -> stream(id, kill);
        case 1 -> active(id, kill);
        default -> inner(id, kill);
      }
      if (kill) {
        killed();
        return;
      }
      settle();
      tools.assertHolds(disk.content(), Format.QCOW2, chain.getFirst());
    }
    server.quit();
    tools.assertHolds(disk.content(), format(chain.getFirst()), chain.getFirst());
    tools.assertClean(format(chain.getFirst()), chain.getFirst());
  }

  private void stream(String id, boolean kill) throws IOException, InterruptedException {
    int base = 1 + random.nextInt(chain.size());
    List<Object> arguments = arguments(id);
    if (base < chain.size()) {
      boolean bottom = random.nextBoolean() && base > 1;
      arguments.addAll(
          bottom ? List.of("bottom", chain.get(base - 1)) : List.of("base-node", chain.get(base)));
    }
    log.add("stream " + arguments);
    server.qmp().execute("block-stream", arguments.toArray());
    disturb(id, kill);
    if (!kill) {
      server.awaitJob(id, Event.BLOCK_JOB_COMPLETED);
      server.awaitGone(id);
      chain.subList(1, base).clear();
    }
  }

  private void active(String id, boolean kill) throws IOException, InterruptedException {
    int base = 1 + random.nextInt(chain.size() - 1);
    if (format(chain.get(base)) == Format.RAW) {
      // Afterwards the disk would be raw, which the rest of this test does not expect.
      stream(id, kill);
      return;
    }
    List<Object> arguments = arguments(id);
    arguments.addAll(List.of("base-node", chain.get(base)));
    log.add("active commit " + arguments);
    server.qmp().execute("block-commit", arguments.toArray());
    disturb(id, kill);
    if (kill) {
      return;
    }
    server.awaitJob(id, Event.BLOCK_JOB_READY);
    guest.requests(1, 8);
    server.qmp().execute("block-job-complete", "device", id);
    server.awaitJob(id, Event.BLOCK_JOB_COMPLETED);
    server.awaitGone(id);
    chain.subList(0, base).clear();
  }

  private void inner(String id, boolean kill) throws IOException, InterruptedException {
    int top = 1 + random.nextInt(chain.size() - 2);
    int base = top + 1 + random.nextInt(chain.size() - top - 1);
    List<Object> arguments = arguments(id);
    arguments.addAll(List.of("top-node", chain.get(top), "base-node", chain.get(base)));
    log.add("commit " + arguments);
    server.qmp().execute("block-commit", arguments.toArray());
    disturb(id, kill);
    if (!kill) {
      server.awaitJob(id, Event.BLOCK_JOB_COMPLETED);
      server.awaitGone(id);
      chain.subList(top, base).clear();
    }
  }

  private List<Object> arguments(String id) {
    List<Object> arguments = new ArrayList<>(List.of("device", "drive0", "job-id", id));
    if (random.nextBoolean()) {
      arguments.addAll(List.of("speed", (1 + random.nextInt(16)) << 20));
    }
    return arguments;
  }

  /** The guest goes on while the job runs, is paused, resumed and lets go of its speed limit. */
  private void disturb(String id, boolean kill) throws IOException, InterruptedException {
    guest.requests(1, 8);
    if (kill) {
      return;
    }
    if (random.nextInt(4) == 0) {
      // A job that was quick may be gone.
      server.qmp().ask("block-job-pause", QmpClient.object("device", id));
      guest.requests(1, 4);
      server.qmp().ask("block-job-resume", QmpClient.object("device", id));
    }
    server.qmp().ask("block-job-set-speed", QmpClient.object("device", id, "speed", 0));
    guest.requests(0, 4);
  }

  private void settle() throws IOException, InterruptedException {
    guest.settle();
    server.io("flush");
    if (disk.isOpen()) {
      disk.learn(tools.read(Format.QCOW2, chain.getFirst()));
    }
  }

  /**
   * What was flushed is there: the requests before the kill were completed, and the images are
   * sound, whichever chain the active one names by now. A commit of the active image leaves it as
   * the one to open.
   */
  private void killed() throws IOException, InterruptedException {
    guest.settle();
    server.io("flush");
    server.close();
    server.awaitEnd();
    String active = chain.getFirst();
    if (disk.isOpen()) {
      disk.learn(tools.read(Format.QCOW2, active));
    }
    tools.assertHolds(disk.content(), Format.QCOW2, active);
    for (String image : chain) {
      tools.assertSound(format(image), image);
    }
  }

  /** What the server has printed. */
  String output() throws IOException {
    return server.output();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
