// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.DropsCaches;

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

  private static @org.jspecify.annotations.Nullable BlockNode cachedFile(BlockNode node) {
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
    DropsCaches driver = disk.capability(DropsCaches.class);
    if (driver == null) {
      return;
    }
    BlockNode read =
        graph.drained(
            disk,
            () -> {
              driver.dropCaches();
              return disk;
            });
    assert read == disk;
  }
}
