// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.qblockd.it.copy.Copy.Command;
import org.qblockd.it.copy.Copy.Event;
import org.qblockd.it.copy.Copy.Format;
import org.qblockd.it.copy.Copy.Sync;
import org.qblockd.it.copy.CopyTarget.Start;
import org.qblockd.qapi.json.JsonValue;

/**
 * One start of a server: a disk with its images, copied several times while a guest writes. One
 * test thread.
 */
final class CopySession implements AutoCloseable {
  /** The real QEMU dies of an assertion with a smaller one. */
  private static final int MIN_BUFFER = 1 << 20;

  private final ImageTools tools;
  private final Random random;
  private final DiskModel disk;
  private final BlockServer server;
  private final Guest guest;

  /** Images that the server has open, with their formats; checked when it has ended. */
  private final Map<String, Format> open = new LinkedHashMap<>();

  /** Names of nodes that are ours to delete. */
  private final Set<String> added = new HashSet<>();

  private final List<String> log = new ArrayList<>();
  private Chain chain;

  private CopySession(
      ImageTools tools, Random random, DiskModel disk, Chain chain, BlockServer server) {
    this.tools = tools;
    this.random = random;
    this.disk = disk;
    this.chain = chain;
    this.server = server;
    this.guest = new Guest(server, disk, random);
    open.put("base.qcow2", Format.QCOW2);
    open.put(chain.file(), chain.format());
  }

  /** Makes the images in an empty directory and starts the program. */
  static CopySession start(String program, Path directory, Random random)
      throws IOException, InterruptedException {
    ImageTools tools = new ImageTools(directory);
    DiskModel disk = new DiskModel(Chain.randomSize(random));
    Chain chain = Chain.create(tools, random, disk);
    String drive =
        "if=none,id=drive0,format=qcow2,discard=unmap,node-name="
            + chain.node()
            + ",file="
            + chain.file();
    BlockServer server = BlockServer.start(program, directory, List.of("-drive", drive));
    return new CopySession(tools, random, disk, chain, server);
  }

  /** What was done, a line per job. */
  List<String> log() {
    return log;
  }

  /**
   * Copies the disk once.
   *
   * @param later the copies that this session will still make
   */
  void copy(Copy copy, List<Copy> later) throws IOException, InterruptedException {
    String id = "job" + log.size();
    guest.requests(0, 4);
    if (copy.sync() == Sync.NONE || !copy.command().isMirror()) {
      settle();
    }
    CopyTarget.World world = new CopyTarget.World(chain, disk.content());
    CopyTarget target = CopyTarget.create(tools, random, copy, "t" + log.size(), world);
    log.add(target.toString());
    disk.mark();
    if (copy.command().isMirror()) {
      mirror(id, target, canPivot(target, later));
    } else {
      backup(id, target, world.content());
    }
  }

  /**
   * A mirror without a first copy, to an image that it makes itself, leaves the disk over its old
   * source, which stays open and writable. A later copy of the top opens what lies below the disk
   * by name, and that is refused, by the real QEMU as well: {@code Failed to get shared "write"
   * lock}.
   */
  private static boolean canPivot(CopyTarget target, List<Copy> later) {
    boolean opensBelow = later.stream().anyMatch(copy -> copy.sync() == Sync.TOP);
    return !(target.endsOverSource() && opensBelow);
  }

  private void note(String word) {
    log.set(log.size() - 1, log.getLast() + ", " + word);
  }

  private void flush() throws IOException, InterruptedException {
    guest.settle();
    server.io("flush");
  }

  /** Settles, and asks the disk what became of discarded bytes. */
  private void settle() throws IOException, InterruptedException {
    flush();
    if (disk.isOpen()) {
      disk.learn(tools.read(chain.format(), chain.file()));
    }
  }

  private void mirror(String id, CopyTarget target, boolean canPivot)
      throws IOException, InterruptedException {
    Copy copy = target.copy();
    boolean blank = copy.sync() == Sync.NONE && target.start() == Start.BLANK;
    boolean pivot = !blank && canPivot && random.nextBoolean();
    boolean withoutBacking =
        target.start() == Start.BELOW
            && copy.format() == Format.QCOW2
            && !copy.active()
            && !pivot
            && random.nextBoolean();
    note(pivot ? "pivot" : withoutBacking ? "cancel, without backing" : "cancel");
    List<Object> arguments = arguments(id, target, withoutBacking);
    if (random.nextBoolean()) {
      arguments.addAll(List.of("granularity", 512 << random.nextInt(12)));
    }
    if (random.nextInt(3) == 0) {
      arguments.addAll(List.of("buf-size", MIN_BUFFER << random.nextInt(6)));
    }
    if (copy.active() || random.nextInt(4) == 0) {
      arguments.addAll(List.of("copy-mode", copy.active() ? "write-blocking" : "background"));
    }
    if (copy.command() == Command.DRIVE_MIRROR && random.nextBoolean()) {
      arguments.addAll(List.of("unmap", true));
    }
    server.qmp().execute(copy.command().wireName(), arguments.toArray());
    if (copy.sync() == Sync.FULL && random.nextInt(12) == 0) {
      cancelEarly(id, target);
      return;
    }
    disturb(id);
    server.awaitJob(id, Event.BLOCK_JOB_READY);
    guest.requests(0, 10);
    if (pivot) {
      pivot(id, target);
    } else {
      server.qmp().execute("block-job-cancel", "device", id);
      server.awaitJob(id, Event.BLOCK_JOB_COMPLETED);
      afterJob(id, target);
      target.verify(tools, disk.content(), disk);
    }
  }

  private void pivot(String id, CopyTarget target) throws IOException, InterruptedException {
    server.qmp().execute("block-job-complete", "device", id);
    boolean overSource = target.endsOverSource();
    if (!overSource) {
      guest.requests(0, 5);
    }
    JsonValue error =
        ((JsonValue.JsonObject)
                java.util.Objects.requireNonNull(
                    server.awaitJob(id, Event.BLOCK_JOB_COMPLETED).get("data")))
            .get("error");
    if (error != null) {
      throw new AssertionError("the job ended with " + error);
    }
    server.awaitGone(id);
    if (overSource && disk.isOpen()) {
      disk.learn(tools.read(target.format(), target.file()));
    }
    Chain pivoted = target.pivoted(chain, disk.content());
    if (!overSource) {
      if (added.remove(chain.node())) {
        server.qmp().execute("blockdev-del", "node-name", chain.node());
      }
      tools.assertClean(chain.format(), chain.file());
      open.remove(chain.file());
    }
    chain = pivoted;
    open.put(chain.file(), chain.format());
    settle();
    tools.assertHolds(disk.content(), chain.format(), chain.file());
  }

  private void backup(String id, CopyTarget target, byte[] content)
      throws IOException, InterruptedException {
    Copy copy = target.copy();
    server.qmp().execute(copy.command().wireName(), arguments(id, target, false).toArray());
    if (copy.sync() != Sync.NONE && random.nextInt(12) == 0) {
      cancelEarly(id, target);
      return;
    }
    disturb(id);
    if (copy.sync() == Sync.NONE) {
      guest.requests(4, 12);
      server.qmp().execute("job-cancel", "id", id);
      server.awaitJob(id, Event.BLOCK_JOB_CANCELLED);
    } else {
      server.awaitJob(id, Event.BLOCK_JOB_COMPLETED);
    }
    afterJob(id, target);
    target.verify(tools, content, disk);
  }

  private List<Object> arguments(String id, CopyTarget target, boolean withoutBacking)
      throws IOException, InterruptedException {
    Copy copy = target.copy();
    List<Object> arguments =
        new ArrayList<>(List.of("device", "drive0", "job-id", id, "sync", copy.sync().wireName()));
    if (random.nextBoolean()) {
      arguments.addAll(List.of("speed", (1 + random.nextInt(64)) << 20));
    }
    if (copy.command().opensTarget()) {
      String mode = target.start() == Start.ABSENT ? "absolute-paths" : "existing";
      arguments.addAll(
          List.of("target", target.file(), "format", copy.format().wireName(), "mode", mode));
      if (copy.command().isMirror()) {
        arguments.addAll(List.of("node-name", target.node()));
      }
    } else {
      server.qmp().execute("blockdev-add", target.node(chain, withoutBacking));
      added.add(target.node());
      arguments.addAll(List.of("target", target.node()));
    }
    return arguments;
  }

  /** The guest goes on while the job runs, is paused, resumed and lets go of its speed limit. */
  private void disturb(String id) throws IOException, InterruptedException {
    guest.requests(1, 12);
    if (random.nextInt(4) == 0) {
      // A job that was quick may be gone.
      server.qmp().ask("block-job-pause", QmpClient.object("device", id));
      guest.requests(1, 6);
      server.qmp().ask("block-job-resume", QmpClient.object("device", id));
    }
    guest.requests(0, 6);
    server.qmp().ask("block-job-set-speed", QmpClient.object("device", id, "speed", 0));
    for (int i = 0; i < 10 && !server.jobHasSpoken(id); i++) {
      guest.requests(1, 1);
    }
  }

  private void cancelEarly(String id, CopyTarget target) throws IOException, InterruptedException {
    note("cancelled early");
    guest.requests(0, 4);
    server.qmp().ask("job-cancel", QmpClient.object("id", id));
    afterJob(id, target);
    server.qmp().dropEvents();
    tools.assertClean(target.format(), target.file());
  }

  private void afterJob(String id, CopyTarget target) throws IOException, InterruptedException {
    server.awaitGone(id);
    settle();
    if (added.remove(target.node())) {
      server.qmp().execute("blockdev-del", "node-name", target.node());
    }
  }

  /** Ends the server and compares and checks all that it had open. */
  void finish() throws IOException, InterruptedException {
    settle();
    server.quit();
    tools.assertHolds(disk.content(), chain.format(), chain.file());
    for (Map.Entry<String, Format> each : open.entrySet()) {
      tools.assertClean(each.getValue(), each.getKey());
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
