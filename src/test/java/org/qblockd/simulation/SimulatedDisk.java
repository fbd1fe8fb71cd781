// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.RequestFaults;

/**
 * A disk of one to four images with a client that writes, the model of what it holds, and storage
 * that fails when told to. One test thread.
 */
abstract class SimulatedDisk implements AutoCloseable {
  /** One write in so many is followed by a power cut. */
  private static final int CUTS = 10;

  /** One power cut in so many is looked at by the real qemu-img. */
  private static final int PEERS = 40;

  final Random random;
  final StringBuilder log;
  final SimulatedImages images;
  byte[] model;

  /** What a power cut may not take away. */
  final Promises promises;

  final BlockBackend drive;

  /** The raw image that incremental copies keep up to date, and what it must hold. */
  final BlockNode copy;

  final List<BlockNode> failing = new ArrayList<>();
  boolean copyStarted;

  /** Whether any storage fails or has failed in this step. */
  boolean faulted;

  int made;

  private String quorumOptions = "";

  /** The options of nodes without their backing, by name; with {@code %s} for more of them. */
  private final Map<String, String> options = new HashMap<>();

  SimulatedDisk(Path directory, Random random, StringBuilder log) throws Exception {
    this.random = random;
    this.log = log;
    this.images = new SimulatedImages(directory, random.nextBoolean() ? new PowerWorld() : null);
    int size = (4 + random.nextInt(24)) * 65536 - (random.nextBoolean() ? 4096 : 0);
    this.model = new byte[size];
    this.promises = new Promises(model);
    this.drive = images.drive(disk(size));
    images.create("copy.raw", "raw", size, "", "");
    this.copy = images.add("{'driver':'raw','node-name':'copy'," + file("copy.raw") + "}");
  }

  String file(String name) {
    return "'file':{'driver':'file','filename':'" + images.path(name) + "'}";
  }

  void say(String words) {
    log.append(words).append('\n');
  }

  // ---- disks ----------------------------------------------------------------------------------

  BlockNode disk(int size) throws Exception {
    if (random.nextInt(6) == 0) {
      return quorum(size);
    }
    boolean raw = random.nextInt(3) == 0;
    String below = raw ? "n0.raw" : "n0.qcow2";
    String belowFormat = raw ? "raw" : "qcow2";
    images.create(below, belowFormat, size, "", "");
    String options = image(belowFormat, "n0", below, "");
    BlockNode node = images.add(options);
    fill(node);
    int depth = random.nextInt(3);
    for (int i = 1; i <= depth; i++) {
      String name = "n" + i + ".qcow2";
      images.create(name, "qcow2", size, below, belowFormat);
      node = images.add(image("qcow2", "n" + i, name, "'backing':'" + node.name() + "',"));
      fill(node);
      below = name;
      belowFormat = "qcow2";
    }
    say("disk of %d bytes: %s over %d more".formatted(size, node, depth));
    return node;
  }

  /** Options for a new node. */
  String image(String format, String node, String name, String more) {
    boolean journal = format.equals("qcow2") && random.nextBoolean();
    String words =
        "{'driver':'%s','node-name':'%s','discard':'unmap',%%s%s%s}"
            .formatted(format, node, journal ? "'x-bitmap-journal':true," : "", file(name));
    options.put(node, words);
    return words.formatted(more);
  }

  /** The options that a node was opened with, but those given here. */
  String optionsOf(BlockNode node, String more) {
    return Objects.requireNonNull(options.get(node.name())).formatted(more);
  }

  /** Lets a node be opened with other options from now on. */
  void setOptions(String node, UnaryOperator<String> change) {
    options.compute(node, (name, old) -> change.apply(Objects.requireNonNull(old)));
  }

  boolean hasJournal(BlockNode node) {
    return options.getOrDefault(node.name(), "").contains("'x-bitmap-journal':true");
  }

  BlockNode quorum(int size) throws Exception {
    StringBuilder children = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      images.create("q" + i + ".qcow2", "qcow2", size, "", "");
      children.append(i == 0 ? "" : ",").append(image("qcow2", "q" + i, "q" + i + ".qcow2", ""));
    }
    say("quorum of %d bytes".formatted(size));
    quorumOptions =
        "{'driver':'quorum','node-name':'q','vote-threshold':2,'children':[%s]}"
            .formatted(children);
    return images.add(quorumOptions);
  }

  /** Before the disk is in use. */
  void fill(BlockNode node) throws BlockException {
    BlockBackend user = images.drive(node);
    for (int i = random.nextInt(4); i > 0; i--) {
      write(user, false);
    }
    boolean unused =
        images.on(() -> {
          user.flush();
          user.close();
          return true;
        });
  }

  // ---- the client -----------------------------------------------------------------------------

  void write(BlockBackend user, boolean mayFail) throws BlockException {
    int offset = random.nextInt(model.length);
    int most = random.nextInt(3) == 0 ? 200_000 : 6_000;
    int bytes = 1 + random.nextInt(Math.min(most, model.length - offset));
    byte[] data = new byte[bytes];
    boolean zero = random.nextInt(5) == 0;
    if (!zero) {
      Arrays.fill(data, (byte) (1 + random.nextInt(255)));
      data[bytes / 2] = (byte) random.nextInt();
    }
    if (user == drive) {
      promises.writing(shown().name(), offset, bytes);
    }
    try {
      request(user, offset, data, zero);
    } catch (BlockException failed) {
      if (!mayFail || !faulted) {
        throw failed;
      }
      say("  write of %d at %d: %s".formatted(bytes, offset, failed.message()));
      heal();
      request(user, offset, data, zero);
    }
    System.arraycopy(data, 0, model, offset, bytes);
  }

  static void request(BlockBackend user, int offset, byte[] data, boolean zero)
      throws BlockException {
    if (zero) {
      user.writeZeroes(offset, data.length, 0);
    } else {
      user.write(offset, ByteBuffer.wrap(data), 0);
    }
  }

  void writes(int least, int most) throws Exception {
    for (int i = random.nextInt(least, most + 1); i > 0; i--) {
      write(drive, true);
      if (random.nextInt(8) == 0) {
        flush(true);
      }
      if (images.power != null && random.nextInt(CUTS) == 0) {
        cut();
      }
    }
  }

  void flush(boolean mayFail) throws BlockException {
    try {
      boolean unused =
          images.on(() -> {
            drive.flush();
            return true;
          });
      promises.flushed(model);
    } catch (BlockException failed) {
      if (!mayFail || !faulted) {
        throw failed;
      }
      say("  flush: %s".formatted(failed.message()));
    }
  }

  // ---- what there is --------------------------------------------------------------------------

  /** The image of the disk, below the filter of a job. */
  BlockNode shown() {
    BlockNode node = top();
    for (Child below = node.filtered(); below != null; below = node.filtered()) {
      node = below.node();
    }
    return node;
  }

  BlockNode top() {
    return Objects.requireNonNull(drive.node());
  }

  static void compare(String what, byte[] found, byte[] expected) {
    int at = Arrays.mismatch(found, expected);
    if (at >= 0) {
      throw new AssertionError(
          "%s at %d of %d: %s instead of %s"
              .formatted(
                  what,
                  at,
                  expected.length,
                  at < found.length ? String.valueOf(found[at]) : "nothing",
                  at < expected.length ? String.valueOf(expected[at]) : "nothing"));
    }
  }

  /** The power fails now, in a copy of the world; in this one all goes on. */
  private void cut() throws Exception {
    PowerWorld power = Objects.requireNonNull(images.power);
    Promises promised = promises.now();
    PowerCut found = images.on(() -> new PowerCut(power.cut(random), nodesNow(), promised));
    say("  power cut");
    found.verify(images.directory(), random.nextInt(PEERS) == 0);
  }

  /** The options that open the disk as it is now, the lowest image first. */
  private List<String> nodesNow() {
    List<String> nodes = new ArrayList<>();
    BlockNode node = shown();
    if (node.driver().equals("quorum")) {
      return List.of(quorumOptions);
    }
    for (Child below = image(node).backing(); below != null; below = image(node).backing()) {
      BlockNode lower = image(below.node());
      nodes.addFirst(optionsOf(node, "'backing':'" + lower.name() + "',"));
      node = lower;
    }
    nodes.addFirst(optionsOf(node, node.driver().equals("qcow2") ? "'backing':null," : ""));
    return nodes;
  }

  /** The image below filters of jobs. */
  private static BlockNode image(BlockNode node) {
    BlockNode at = node;
    for (Child below = at.filtered(); below != null; below = at.filtered()) {
      at = below.node();
    }
    return at;
  }

  // ---- faults ---------------------------------------------------------------------------------

  void plan(BlockNode... candidates) {
    if (random.nextInt(3) > 0) {
      return;
    }
    BlockNode node = candidates[random.nextInt(candidates.length)];
    Child below = node.child("file");
    if (below != null && random.nextBoolean()) {
      node = below.node();
    }
    StorageFaults faults = new StorageFaults(random);
    say("  fails: %s of %s".formatted(faults, node));
    RequestFaults.put(node, faults);
    failing.add(node);
    faulted = true;
  }

  void heal() {
    for (BlockNode node : failing) {
      RequestFaults.put(node, null);
    }
    failing.clear();
  }

  @Override
  public void close() {
    images.close();
  }
}
