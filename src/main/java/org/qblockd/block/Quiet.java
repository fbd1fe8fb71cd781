// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How often a node has been made quiet; its parents are told of the first and the last. Lane. */
final class Quiet {
  private int depth;

  int depth() {
    return depth;
  }

  void begin(List<Child> parents, @Nullable NodeOps ops) {
    depth++;
    if (depth == 1) {
      for (Child parent : parents) {
        parent.beginParentQuiesce();
      }
      NoticesDrain.begin(ops, true);
    }
  }

  void end(List<Child> parents, @Nullable NodeOps ops) {
    depth--;
    if (depth == 0) {
      NoticesDrain.end(ops);
      for (Child parent : parents) {
        if (parent.parentQuiesced() > 0) {
          parent.endParentQuiesce();
        }
      }
    }
  }
}
