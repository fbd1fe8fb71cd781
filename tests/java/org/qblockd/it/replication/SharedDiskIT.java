// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replication of one disk that both processes have open: the secondary shows the last checkpoint
 * although the primary writes the disk itself, also through an image format's metadata. The
 * property {@code qblockd.replication.seed} repeats a run.
 */
@Timeout(300)
final class SharedDiskIT {
  @TempDir Path directory;

  private final long seed =
      Long.getLong("qblockd.replication.seed", new Random().nextInt(1_000_000));
  private final Random random = new Random(seed);
  private final Disk disk = Disk.filled('O');

  @BeforeEach
  void toolsAreInstalled() {
    assumeTrue(Tools.installed("qemu-img"), "qemu-img is not installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "qcow2"})
  void secondaryShowsTheLastCheckpoint(String format) throws Exception {
    makeImages(format);
    try (Peer secondary = secondary(format);
        Peer primary = primary(format)) {
      secondary.run("xen-set-replication", "'enable': true, 'primary': false");
      primary.run("xen-set-replication", "'enable': true, 'primary': true");
      for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
        write(primary, secondary);
        compare(primary, secondary);
        secondary.run("xen-colo-do-checkpoint", "");
        primary.run("xen-colo-do-checkpoint", "");
        disk.checkpoint();
        compare(primary, secondary);
      }
      write(primary, secondary);
      primary.kill();
      failOver(secondary);
      secondary.quit();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
    Path file = Disk.store(directory.resolve("expected.raw"), disk.secondary());
    String shared = directory.resolve("shared").toString();
    Tools.ok("qemu-img", "compare", "-f", format, "-F", "raw", shared, file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "qcow2"})
  void primaryGoesOnAlone(String format) throws Exception {
    makeImages(format);
    try (Peer secondary = secondary(format);
        Peer primary = primary(format)) {
      secondary.run("xen-set-replication", "'enable': true, 'primary': false");
      primary.run("xen-set-replication", "'enable': true, 'primary': true");
      write(primary, secondary);
      secondary.kill();
      Disk.Write write = new Disk.Write(0, Disk.BYTES, 7);
      primary.io("colo-disk0", write.command());
      disk.primaryWrote(write);
      assertThat(primary.replicationError()).isTrue();
      primary.run("xen-set-replication", "'enable': false, 'primary': true, 'failover': true");
      assertThat(primary.replicationError()).isFalse();
      primary.human("drive_del replication0");
      primary.quit();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
    Path file = Disk.store(directory.resolve("expected.raw"), disk.primary());
    String shared = directory.resolve("shared").toString();
    Tools.ok("qemu-img", "compare", "-f", format, "-F", "raw", shared, file.toString());
  }

  private void makeImages(String format) throws IOException {
    Path content = Disk.store(directory.resolve("content.raw"), disk.primary());
    String shared = directory.resolve("shared").toString();
    Tools.ok("qemu-img", "convert", "-f", "raw", "-O", format, content.toString(), shared);
    for (String buffer : List.of("hid", "act")) {
      String image = directory.resolve(buffer).toString();
      String size = Integer.toString(Disk.BYTES);
      Tools.ok("qemu-img", "create", "-q", "-f", "qcow2", image, size);
    }
    Files.delete(content);
  }

  private Peer secondary(String format) throws IOException {
    Peer peer =
        Peer.start(
            Tools.underTest(),
            directory,
            "secondary",
            List.of(
                "-blockdev",
                format
                    + ",node-name=disk,read-only=on,cache.direct=on,file.driver=file,"
                    + "file.filename=shared,file.locking=off",
                "-blockdev",
                "qcow2,node-name=hid0,file.driver=file,file.filename=hid,backing=disk",
                "-blockdev",
                "qcow2,node-name=act0,file.driver=file,file.filename=act,backing=hid0",
                "-blockdev",
                "replication,node-name=rep0,mode=secondary,top-id=rep0,shared-disk=on,file=act0"));
    peer.run("nbd-server-start", "'addr': {'type': 'unix', 'data': {'path': 'nbd'}}");
    peer.run("nbd-server-add", "'device': 'hid0', 'writable': true");
    return peer;
  }

  private Peer primary(String format) throws IOException {
    Peer peer =
        Peer.start(
            Tools.underTest(),
            directory,
            "primary",
            List.of(
                "-drive",
                "if=none,id=colo-disk0,node-name=disk,driver=%s,file.filename=shared,cache=none"
                    .formatted(format)));
    peer.human(
        "drive_add -n buddy driver=replication,mode=primary,shared-disk=on,"
            + "shared-disk-id=colo-disk0,file.driver=nbd,file.server.type=unix,"
            + "file.server.path=nbd,file.export=hid0,node-name=replication0");
    return peer;
  }

  private void write(Peer primary, Peer secondary) throws IOException {
    for (int i = 0; i < 8; i++) {
      Disk.Write write = Disk.Write.random(random);
      if (random.nextInt(3) > 0) {
        primary.io("colo-disk0", write.command());
        disk.primaryWrote(write);
      } else {
        secondary.io("rep0", write.command());
        disk.secondaryWrote(write);
      }
    }
  }

  private void compare(Peer primary, Peer secondary) throws IOException {
    assertThat(primary.replicationError()).isFalse();
    assertThat(secondary.replicationError()).isFalse();
    secondary.run("nbd-server-add", "'device': 'rep0', 'name': 'look'");
    compare("nbd", disk.secondary());
    secondary.run("nbd-server-remove", "'name': 'look', 'mode': 'hard'");
    primary.run("nbd-server-start", "'addr': {'type': 'unix', 'data': {'path': 'look'}}");
    primary.run("nbd-server-add", "'device': 'colo-disk0', 'name': 'look'");
    compare("look", disk.primary());
    primary.run("nbd-server-stop", "");
  }

  private void compare(String socket, byte[] expected) throws IOException {
    Path file = Disk.store(directory.resolve("expected.raw"), expected);
    String uri = "nbd+unix:///look?socket=" + directory.resolve(socket);
    Tools.ok("qemu-img", "compare", "-f", "raw", "-F", "raw", uri, file.toString());
  }

  private void failOver(Peer secondary) throws IOException {
    secondary.run("nbd-server-stop", "");
    secondary.run("xen-set-replication", "'enable': false, 'primary': false, 'failover': true");
    while (secondary.run("query-named-block-nodes", "'flat': true").contains("hidden disk")) {
      // The commit runs in the background; without its end the test's limit ends this.
      assertThat(secondary.run("query-jobs", "")).contains("[]");
    }
    assertThat(secondary.replicationError()).isFalse();
  }
}
