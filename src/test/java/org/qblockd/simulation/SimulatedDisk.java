// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
  final Random random;
  final StringBuilder log;
  final SimulatedImages images;
  final byte[] model;
  final BlockBackend drive;

  /** The raw image that incremental copies keep up to date, and what it must hold. */
  final BlockNode copy;

  final List<BlockNode> failing = new ArrayList<>();
  boolean copyStarted;

  /** Whether any storage fails or has failed in this step. */
  boolean faulted;

  int made;

  SimulatedDisk(Path directory, Random random, StringBuilder log) throws Exception {
    this.random = random;
    this.log = log;
    this.images = new SimulatedImages(directory);
    int size = (4 + random.nextInt(24)) * 65536 - (random.nextBoolean() ? 4096 : 0);
    this.model = new byte[size];
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

  String image(String format, String node, String name, String more) {
    boolean journal = format.equals("qcow2") && random.nextBoolean();
    return "{'driver':'%s','node-name':'%s','discard':'unmap',%s%s%s}"
        .formatted(format, node, more, journal ? "'x-bitmap-journal':true," : "", file(name));
  }

  BlockNode quorum(int size) throws Exception {
    StringBuilder children = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      images.create("q" + i + ".qcow2", "qcow2", size, "", "");
      children.append(i == 0 ? "" : ",").append(image("qcow2", "q" + i, "q" + i + ".qcow2", ""));
    }
    say("quorum of %d bytes".formatted(size));
    return images.add(
        "{'driver':'quorum','node-name':'q','vote-threshold':2,'children':[%s]}"
            .formatted(children));
  }

  /** Before the disk is in use. */
  void fill(BlockNode node) throws BlockException {
    BlockBackend user = images.drive(node);
    for (int i = random.nextInt(4); i > 0; i--) {
      write(user, false);
    }
    boolean unused =
        images.on(() -> {
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

  void writes(int least, int most) throws BlockException {
    for (int i = random.nextInt(least, most + 1); i > 0; i--) {
      write(drive, true);
    }
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
