// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.qblockd.it.copy.Copy.Format;

/**
 * What lies under a drive: an image and, unless its name is empty, what that one is based on.
 * Immutable; any thread.
 *
 * @param node name of the image's node
 * @param below content that the backing file shows, of the size of the disk
 */
record Chain(
    String node, String file, Format format, String backing, Format backingFormat, byte[] below) {
  private static final int MAX_SIZE = 16 << 20;

  boolean hasBacking() {
    return !backing.isEmpty();
  }

  /** The same without a backing file, in another image. */
  static Chain alone(String node, String file, Format format) {
    return new Chain(node, file, format, "", Format.QCOW2, new byte[0]);
  }

  /** Options of {@code qemu-img create} for an overlay on the same backing file. */
  String[] backingOptions() {
    return new String[] {"-b", backing, "-F", backingFormat.wireName()};
  }

  /** A random size of a disk, a multiple of 512 bytes. */
  static int randomSize(Random random) {
    return random.nextBoolean() ? MAX_SIZE : MAX_SIZE - 512 * (1 + random.nextInt(2000));
  }

  /** Makes base.qcow2 and top.qcow2 with compressed and zero clusters, and fills the model. */
  static Chain create(ImageTools tools, Random random, DiskModel disk)
      throws IOException, InterruptedException {
    int baseSize = random.nextBoolean() ? disk.size() : disk.size() / 1024 * 512;
    DiskModel base = new DiskModel(disk.size());
    int baseCluster = randomCluster(random);
    tools.create(Format.QCOW2, "cluster_size=" + baseCluster, "base.qcow2", baseSize);
    fill(tools, random, "base.qcow2", List.of(base, disk), baseSize, baseCluster);
    int cluster = randomCluster(random);
    String lazy = random.nextInt(4) == 0 ? ",lazy_refcounts=on" : "";
    Chain chain =
        new Chain("disk", "top.qcow2", Format.QCOW2, "base.qcow2", Format.QCOW2, base.content());
    tools.create(
        Format.QCOW2,
        "cluster_size=" + cluster + lazy,
        chain.file(),
        disk.size(),
        chain.backingOptions());
    fill(tools, random, chain.file(), List.of(disk), disk.size(), cluster);
    return chain;
  }

  private static int randomCluster(Random random) {
    return List.of(4 << 10, 64 << 10, 64 << 10, 256 << 10).get(random.nextInt(4));
  }

  private static void fill(
      ImageTools tools, Random random, String image, List<DiskModel> models, int size, int cluster)
      throws IOException, InterruptedException {
    List<String> commands = new ArrayList<>();
    int clusters = size / cluster;
    int stride = Math.max(1, clusters / 8);
    for (int at = random.nextInt(stride); at < clusters; at += stride) {
      fill(models, commands, "write -c -P " + at % 251, at * cluster, cluster, at % 251);
    }
    for (int i = 0; i < 6; i++) {
      int length = 1 + random.nextInt(1 << 20);
      int offset = random.nextInt(size - length);
      fill(models, commands, "write -P " + (i + 65), offset, length, i + 65);
    }
    for (int i = 0; i < 4; i++) {
      int length = 512 * (1 + random.nextInt(1024));
      int offset = random.nextInt((size - length) / 512) * 512;
      String command = i % 2 == 0 ? "write -z" : "write -z -u";
      fill(models, commands, command, offset, length, 0);
    }
    tools.io(image, commands);
  }

  private static void fill(
      List<DiskModel> models,
      List<String> commands,
      String command,
      int offset,
      int length,
      int pattern) {
    commands.add(command + " " + offset + " " + length);
    models.forEach(model -> model.fill(offset, length, pattern));
  }
}
