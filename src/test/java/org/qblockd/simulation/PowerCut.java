// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.qblockd.block.BlockNode;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.DirtyBitmaps;

/**
 * What is found after a power cut: images, and what was promised of them. One test thread.
 *
 * @param files by path
 * @param nodes options of the disk's nodes, the lowest first
 */
record PowerCut(Map<String, byte[]> files, List<String> nodes, Promises promises) {

  /** Opens the disk anew and compares. */
  void verify(Path directory, boolean byPeer) throws Exception {
    SimulatedImages.checkImages(files);
    try (SimulatedImages images = new SimulatedImages(directory, PowerWorld.of(files))) {
      BlockNode top = null;
      for (String options : nodes) {
        top = images.add(options);
      }
      if (top == null) {
        throw new IllegalStateException("a disk without nodes");
      }
      promises.check(top);
      for (Promises.Watched watched : promises.bitmaps()) {
        BlockNode node = images.graph.node(watched.node);
        if (node != null && watched.stored) {
          check(node, watched);
        }
      }
      images.finish();
      if (byPeer) {
        Peer.check(images.content());
      }
    }
  }

  private static void check(BlockNode node, Promises.Watched watched) {
    DirtyBitmap bitmap = DirtyBitmaps.find(node, watched.name);
    if (bitmap == null || bitmap.inconsistent()) {
      throw new AssertionError(
          "after the power cut %s of %s is %s"
              .formatted(watched.name, node, bitmap == null ? "lost" : "inconsistent"));
    }
    for (int at = watched.flushed.nextSetBit(0); at >= 0; at = watched.flushed.nextSetBit(at + 1)) {
      if (at < bitmap.length() && !bitmap.isDirty(at)) {
        throw new AssertionError(watched.name + " lost a flushed write at " + at);
      }
    }
  }

  /** The real qemu-img. */
  static final class Peer {
    private static final boolean INSTALLED = Files.isExecutable(Path.of("/usr/bin/qemu-img"));

    private Peer() {}

    /** Asserts that it finds no errors; leaks are allowed. */
    static void check(Map<String, byte[]> files) throws Exception {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(Path.of(file.getKey()), file.getValue());
      }
      for (String path : files.keySet()) {
        if (path.endsWith(".qcow2")) {
          check(Path.of(path));
        }
      }
      for (String path : files.keySet()) {
        Files.delete(Path.of(path));
      }
    }

    /** Asserts that it finds no errors in this image; leaks are allowed. */
    static void check(Path image) throws Exception {
      if (!INSTALLED) {
        return;
      }
      Process process =
          new ProcessBuilder("qemu-img", "check", "-f", "qcow2", image.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      int status = process.waitFor();
      if (status != 0 && status != 3) {
        throw new AssertionError("qemu-img check: status " + status + "\n" + output);
      }
    }
  }
}
