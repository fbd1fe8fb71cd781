// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.stream;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.blockjob.Chains;

/**
 * How far down a stream goes. Control lane.
 *
 * @param overlay the last image whose data is taken over
 * @param aboveBase the last node that the image lets go: that image or a filter below it
 * @param base what lay below that when the job began, or null
 */
record Reach(BlockNode overlay, BlockNode aboveBase, @Nullable BlockNode base) {
  static Reach of(StreamOptions options) throws BlockException {
    BlockNode bottom = options.bottom();
    if (bottom != null) {
      return new Reach(bottom, bottom, Chains.below(bottom));
    }
    BlockNode base = options.base();
    BlockNode overlay = Chains.overlayOf(options.node(), base);
    if (overlay == null) {
      throw BlockException.invalid(
          "'%s' is not in the backing chain of '%s'"
              .formatted(base == null ? "" : base.name(), options.node().name()));
    }
    BlockNode above = overlay;
    Child edge = overlay.backing();
    while (edge != null && edge.node() != base) {
      above = edge.node();
      edge = above.filtered();
    }
    return new Reach(overlay, above, base);
  }
}
