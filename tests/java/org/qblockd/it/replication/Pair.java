// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A primary and a secondary with one disk, as the document on COLO sets them up, driven by the
 * commands {@code xen-*}. One test thread.
 */
final class Pair implements AutoCloseable {
  private final Path directory;
  private final Random random;
  private final Disk disk = Disk.filled('O');
  private int generation;
  private Peer primary;
  private Peer secondary;

  private Pair(Path directory, Random random, Peer primary, Peer secondary) {
    this.directory = directory;
    this.random = random;
    this.primary = primary;
    this.secondary = secondary;
  }

  /** Both sides run, replication has been started. */
  static Pair start(String primaryProgram, String secondaryProgram, Path directory, Random random)
      throws IOException {
    byte[] content = Disk.filled('O').primary();
    Path unused = Disk.store(directory.resolve("p0.raw"), content);
    Peer secondary = secondary(secondaryProgram, directory, 0, content);
    Peer primary =
        Peer.start(
            primaryProgram,
            directory,
            "primary",
            List.of(
                "-drive",
                "if=none,id=colo-disk0,driver=quorum,read-pattern=fifo,vote-threshold=1,"
                    + "children.0.driver=raw,children.0.file.filename=p0.raw"));
    Pair pair = new Pair(directory, random, primary, secondary);
    pair.connect();
    return pair;
  }

  private static Peer secondary(String program, Path directory, int generation, byte[] content)
      throws IOException {
    Path unused = Disk.store(directory.resolve("s" + generation + ".raw"), content);
    create(directory, "hid" + generation);
    create(directory, "act" + generation);
    Peer peer =
        Peer.start(
            program,
            directory,
            "secondary" + generation,
            List.of(
                "-drive",
                "if=none,id=parent0,node-name=sec0,driver=raw,file.filename=s%d.raw"
                    .formatted(generation),
                "-drive",
                ("if=none,id=childs0,node-name=rep0,driver=replication,mode=secondary,"
                        + "top-id=colo-disk0,file.driver=qcow2,file.file.filename=act%d,"
                        + "file.backing.driver=qcow2,file.backing.file.filename=hid%d,"
                        + "file.backing.backing=sec0")
                    .formatted(generation, generation),
                "-drive",
                "if=none,id=colo-disk0,driver=quorum,read-pattern=fifo,vote-threshold=1,"
                    + "children.0=rep0"));
    peer.run(
        "nbd-server-start",
        "'addr': {'type': 'unix', 'data': {'path': 'nbd%d'}}".formatted(generation));
    peer.run("nbd-server-add", "'device': 'parent0', 'writable': true");
    return peer;
  }

  private static void create(Path directory, String image) throws IOException {
    Tools.ok(
        "qemu-img",
        "create",
        "-q",
        "-f",
        "qcow2",
        directory.resolve(image).toString(),
        Integer.toString(Disk.BYTES));
  }

  private void connect() throws IOException {
    primary.human(
        ("drive_add -n buddy driver=replication,mode=primary,file.driver=nbd,"
                + "file.server.type=unix,file.server.path=nbd%d,file.export=parent0,"
                + "node-name=replication%d")
            .formatted(generation, generation));
    primary.run(
        "x-blockdev-change",
        "'parent': 'colo-disk0', 'node': 'replication%d'".formatted(generation));
    secondary.run("xen-set-replication", "'enable': true, 'primary': false");
    primary.run("xen-set-replication", "'enable': true, 'primary': true");
  }

  Peer primary() {
    return primary;
  }

  Peer secondary() {
    return secondary;
  }

  Disk disk() {
    return disk;
  }

  // ---- while it runs --------------------------------------------------------------------------

  /** Some writes on both sides, in any order. */
  void write(int writes) throws IOException {
    for (int i = 0; i < writes; i++) {
      Disk.Write write = Disk.Write.random(random);
      if (random.nextInt(3) > 0) {
        primary.io("colo-disk0", write.command());
        disk.primaryWrote(write);
      } else {
        secondary.io("colo-disk0", write.command());
        disk.secondaryWrote(write);
      }
    }
  }

  /** The secondary is gone: the primary's machine does not notice. */
  void writeAlone() throws IOException {
    Disk.Write write = Disk.Write.random(random);
    primary.io("colo-disk0", write.command());
    disk.primaryWrote(write);
    assertThat(primary.replicationError()).isTrue();
  }

  /** A write of the primary that nobody waits for. */
  void sendWrite() throws IOException {
    Disk.Write write = Disk.Write.random(random);
    primary.send(
        "human-monitor-command",
        "'command-line': 'qemu-io colo-disk0 \\\"" + write.command() + "\\\"'");
  }

  /** Secondary first, as COLO has it; nobody writes meanwhile. */
  void checkpoint() throws IOException {
    assertThat(secondary.replicationError()).isFalse();
    secondary.run("xen-colo-do-checkpoint", "");
    primary.run("xen-colo-do-checkpoint", "");
    disk.checkpoint();
  }

  /** Both disks hold the primary's writes, the secondary's machine sees what the table says. */
  void compareRunning() throws IOException {
    assertThat(primary.replicationError()).isFalse();
    compare(primary, "colo-disk0", disk.primary());
    compare(secondary, "sec0", disk.primary());
    compare(secondary, "colo-disk0", disk.secondary());
  }

  /** Exports what a node shows and compares it by qemu-img. */
  void compare(Peer peer, String node, byte[] expected) throws IOException {
    Path file = Disk.store(directory.resolve("expected.raw"), expected);
    boolean ofSecondary = peer == secondary;
    String socket = ofSecondary ? "nbd" + generation : "look";
    if (!ofSecondary) {
      peer.run("nbd-server-start", "'addr': {'type': 'unix', 'data': {'path': 'look'}}");
    }
    peer.run("nbd-server-add", "'device': '%s', 'name': 'look'".formatted(node));
    String uri = "nbd+unix:///look?socket=" + directory.resolve(socket);
    Tools.ok("qemu-img", "compare", "-f", "raw", "-F", "raw", uri, file.toString());
    if (ofSecondary) {
      peer.run("nbd-server-remove", "'name': 'look', 'mode': 'hard'");
    } else {
      peer.run("nbd-server-stop", "");
    }
  }

  // ---- failover -------------------------------------------------------------------------------

  /** The secondary takes over; the primary is gone already or will be. */
  void secondaryFailsOver() throws IOException {
    secondary.run("nbd-server-stop", "");
    secondary.run("xen-set-replication", "'enable': false, 'primary': false, 'failover': true");
    while (secondary.run("query-named-block-nodes", "'flat': true").contains("hidden disk")) {
      // The commit runs in the background; without its end the watchdog of the test ends this.
      assertThat(secondary.run("query-jobs", "")).contains("[]");
    }
    assertThat(secondary.replicationError()).isFalse();
    disk.failedOver();
    secondary.run("nbd-server-start", "'addr': {'type': 'unix', 'data': {'path': 'over'}}");
    for (String node : List.of("sec0", "colo-disk0")) {
      Path file = Disk.store(directory.resolve("expected.raw"), disk.primary());
      secondary.run("nbd-server-add", "'device': '%s', 'name': '%s'".formatted(node, node));
      String uri = "nbd+unix:///" + node + "?socket=" + directory.resolve("over");
      Tools.ok("qemu-img", "compare", "-f", "raw", "-F", "raw", uri, file.toString());
    }
    secondary.run("nbd-server-stop", "");
  }

  /** The primary goes on alone. */
  void primaryFailsOver() throws IOException {
    primary.run("xen-set-replication", "'enable': false, 'primary': true, 'failover': true");
    primary.run("x-blockdev-change", "'parent': 'colo-disk0', 'child': 'children.1'");
    primary.human("drive_del replication" + generation);
    assertThat(primary.replicationError()).isFalse();
    compare(primary, "colo-disk0", disk.primary());
  }

  /** Who took over becomes the primary of a new secondary: resync, then replication again. */
  void resume(String program, boolean secondarySurvived) throws IOException {
    Peer survivor = secondarySurvived ? secondary : primary;
    Peer gone = secondarySurvived ? primary : secondary;
    gone.close();
    generation++;
    primary = survivor;
    secondary = secondary(program, directory, generation, new byte[Disk.BYTES]);
    primary.run(
        "drive-mirror",
        ("'device': 'colo-disk0', 'job-id': 'resync', 'mode': 'existing', 'format': 'raw',"
                + " 'sync': 'full', 'target': 'nbd+unix:///parent0?socket=%s'")
            .formatted(directory.resolve("nbd" + generation)));
    primary.await("BLOCK_JOB_READY");
    primary.run("block-job-cancel", "'device': 'resync'");
    primary.await("\"status\": \"null\"");
    disk.checkpoint();
    connect();
  }

  @Override
  public void close() throws IOException {
    primary.close();
    secondary.close();
  }
}
