// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.EmptyMachine;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.ControlLane;
import org.qblockd.base.Errno;
import org.qblockd.base.ManualClock;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.blockjob.ImageNames;
import org.qblockd.command.Commands;
import org.qblockd.driver.DriverRegistry;
import org.qblockd.driver.ImageCreator;
import org.qblockd.driver.NodeOpener;
import org.qblockd.driver.OpenerFixture;
import org.qblockd.driver.qcow2.ImageCheck;
import org.qblockd.job.Jobs;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonValue.JsonObject;
import org.qblockd.qapi.types.BlockdevOptions;

/** A graph over real image files of one directory, and the jobs on it. One test thread. */
final class SimulatedImages implements AutoCloseable, ImageNames {
  /** Where a qcow2 header's incompatible features end; the lowest bit says dirty. */
  private static final int DIRTY_AT = 79;

  private final Path directory;
  private final List<String> output = new ArrayList<>();
  final ControlLane lane = new ControlLane();
  final ManualClock clock = new ManualClock();
  final BlockGraph graph = new BlockGraph(lane, BufferPool.shared(), () -> 0);
  final JobLog events = new JobLog(lane);
  final Jobs jobs = new Jobs(lane, clock, (id, status) -> events.add(id + " " + status.wireName()));
  final BlockJobContext context = new BlockJobContext(graph, jobs, events);
  private final NodeOpener opener;
  private final Commands commands;

  /** Where the files are in memory, on a power supply that can be cut; null for real files. */
  final @Nullable PowerWorld power;

  SimulatedImages(Path directory, @Nullable PowerWorld power) {
    this.directory = directory;
    this.power = power;
    DriverRegistry drivers = OpenerFixture.drivers(clock);
    if (power != null) {
      drivers.other("file", () -> power);
    }
    this.opener = new NodeOpener(graph, drivers, output::add);
    this.commands = commands();
  }

  /** The commands of a machine whose graph and jobs are those here. */
  private Commands commands() {
    EmptyMachine empty = EmptyMachine.create();
    Machine other = empty.machine();
    other.lane().close();
    Machine machine =
        new Machine(
            lane,
            clock,
            clock,
            other.events(),
            graph,
            opener,
            other.drives(),
            jobs,
            context,
            other.replication(),
            other.runStates(),
            other.shutdown(),
            other.tree(),
            other.devices(),
            other.charDevices(),
            other.nets(),
            other.fdSets(),
            other.objects(),
            other.exports(),
            other.faults(),
            other.yanks(),
            other.facts(),
            other.name(),
            other.version());
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    return new Commands(
        machine,
        empty.migration(),
        nowhere,
        nowhere,
        () -> {
          throw new IllegalStateException("no character devices here");
        },
        false,
        null);
  }

  /** A QMP command; single quotes are allowed. An error is thrown with its sentence. */
  JsonValue command(String name, String arguments) throws BlockException {
    return on(() -> {
      try {
        return commands.dispatch(name, (JsonObject) JsonStream.parse(arguments));
      } catch (QmpException refused) {
        throw BlockException.of(Errno.EINVAL, String.valueOf(refused.getMessage()));
      }
    });
  }

  Path directory() {
    return directory;
  }

  /** What the files in memory hold, by path. */
  Map<String, byte[]> content() throws BlockException {
    return Objects.requireNonNull(power).content();
  }

  /** What was printed on standard error. */
  List<String> output() {
    return output;
  }

  String path(String name) {
    return directory.resolve(name).toString();
  }

  /** Does something on the lane, as a command. */
  <T> T on(Callable<T> step) throws BlockException {
    return org.qblockd.job.Commands.run(
        lane,
        () -> {
          try {
            return step.call();
          } catch (BlockException | RuntimeException failed) {
            throw failed;
          } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
          }
        });
  }

  void create(String name, String format, long size, String backing, String backingFormat)
      throws BlockException {
    String below = backing.isEmpty() ? null : path(backing);
    ImageCreator.NewImage image =
        new ImageCreator.NewImage(
            path(name), format, size, below, below == null ? null : backingFormat);
    Object unused =
        on(() -> {
          new ImageCreator(opener, output::add).create(image);
          return image;
        });
  }

  /** blockdev-add; single quotes are allowed. */
  BlockNode add(String json) throws Exception {
    BlockdevOptions options =
        BlockdevOptions.decode(InputVisitor.strict(JsonStream.parse(json)), null);
    return on(() -> {
      BlockNode node = opener.add(options);
      opener.fileNames().refresh(node);
      return node;
    });
  }

  /** blockdev-del of an image and of those above the disk that nobody uses any more. */
  void remove(BlockNode node) throws BlockException {
    Object unused =
        on(() -> {
          node.setMonitorOwned(false);
          graph.closeIfUnused(node);
          return node;
        });
  }

  BlockBackend drive(BlockNode node) throws BlockException {
    return on(() -> {
      BlockBackend backend =
          new BlockBackend(
              graph,
              "drive",
              new Perms(Permission.CONSISTENT_READ | Permission.WRITE, Permission.ALL));
      backend.insert(node);
      return backend;
    });
  }

  byte[] content(BlockNode node) throws BlockException {
    byte[] bytes = new byte[(int) node.length()];
    node.read(0, ByteBuffer.wrap(bytes), 0);
    return bytes;
  }

  @Override
  public String filename(BlockNode node) {
    return opener.fileNames().refresh(node);
  }

  @Override
  public boolean isProtocol(BlockNode node) {
    return node.driver().equals("file");
  }

  /** Closes everything and checks all qcow2 images. */
  void finish() throws Exception {
    Object unused =
        on(() -> {
          for (BlockBackend backend : graph.backends()) {
            backend.close();
          }
          for (BlockNode node : graph.nodes()) {
            node.setMonitorOwned(false);
            graph.closeIfUnused(node);
          }
          return this;
        });
    if (!graph.nodes().isEmpty()) {
      throw new AssertionError("nodes are left: " + graph.nodes());
    }
    checkImages();
  }

  private void checkImages() throws Exception {
    if (power != null) {
      checkImages(power.content());
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".qcow2")).toList()) {
        ImageCheck.sound(Files.readAllBytes(file));
      }
    }
  }

  /**
   * Asserts that none of these images has an error; leaks are allowed. An image that is marked as
   * dirty is repaired when it is opened, and not looked at.
   */
  static void checkImages(Map<String, byte[]> files) throws BlockException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] image = file.getValue();
      boolean dirty = image.length > DIRTY_AT && (image[DIRTY_AT] & 1) != 0;
      if (file.getKey().endsWith(".qcow2") && !dirty) {
        ImageCheck.sound(image);
      }
    }
  }

  @Override
  public void close() {
    lane.close();
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
