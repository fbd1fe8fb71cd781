// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;

/**
 * Whether requests of a backend are usually answered from the host's memory, so that the thread of
 * a connection may serve them itself: images on files. Requests that may wait for limits, for a
 * network or for a job are served beside it. Any thread.
 */
final class FastNodes {
  private static final List<String> FAST = List.of("file", "raw", "qcow2");

  private FastNodes() {}

  static boolean isFast(BlockBackend backend) {
    return backend.throttle() == null && isFast(backend.node());
  }

  private static boolean isFast(@Nullable BlockNode node) {
    if (node == null || !FAST.contains(node.driver())) {
      return false;
    }
    for (Child child : node.children()) {
      if (!isFast(child.node())) {
        return false;
      }
    }
    return true;
  }
}
