// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.driver.ReopensOptions;

/**
 * What a disk that two hosts have open must be like: the review of the proposal for QEMU names the
 * host's cache and cached metadata as the places where one side sees old content. Control lane.
 */
final class SharedDisk {
  private SharedDisk() {}

  /** Refuses a disk with a file that goes through the host's page cache. */
  static void checkUncached(BlockNode disk) throws BlockException {
    BlockNode cached = cachedFile(disk);
    if (cached != null) {
      throw BlockException.invalid(
          "The shared disk's node '%s' must be opened with cache.direct=on"
              .formatted(cached.name()));
    }
  }

  private static @Nullable BlockNode cachedFile(BlockNode node) {
    if (node.driver().equals("file") && !node.options().cacheDirect()) {
      return node;
    }
    for (Child child : node.children()) {
      BlockNode cached = cachedFile(child.node());
      if (cached != null) {
        return cached;
      }
    }
    return null;
  }

  /** Reads the metadata of all images of the disk anew, lowest first. */
  static void dropCaches(BlockGraph graph, BlockNode disk) throws BlockException {
    for (Child child : disk.children()) {
      dropCaches(graph, child.node());
    }
    ReopensOptions image = disk.capability(ReopensOptions.class);
    if (image == null) {
      return;
    }
    BlockNode read =
        graph.drained(
            disk,
            () -> {
              readAnew(disk, image);
              return disk;
            });
    assert read == disk;
  }

  private static void readAnew(BlockNode disk, ReopensOptions image) throws BlockException {
    try {
      image.beforeOtherFile();
      if (disk.readOnly()) {
        // Those that were read with the old tables are as old as these.
        List.copyOf(disk.bitmaps()).stream()
            .filter(DirtyBitmap::persistent)
            .forEach(disk::removeBitmap);
      }
      image.afterOtherFile();
    } catch (BlockException failed) {
      // Half old, half new it would show a disk that never was.
      disk.eject();
      throw failed.prefixed("Could not read the shared disk anew: ");
    }
  }
}
