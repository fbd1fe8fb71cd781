// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.block.ChangesChildren;
import org.qblockd.block.Child;
import org.qblockd.block.ReportsImageInfo;

/** Ways down from a node, as jobs need them. Control lane. */
public final class Chains {
  private Chains() {}

  /** The node below all filters. */
  public static BlockNode skipFilters(BlockNode node) {
    BlockNode at = node;
    for (Child below = at.filtered(); below != null; below = at.filtered()) {
      at = below.node();
    }
    return at;
  }

  /** The node below all filters that the server put in by itself. */
  public static BlockNode skipImplicitFilters(BlockNode node) {
    BlockNode at = node;
    for (Child below = at.filtered(); below != null && at.implicit(); below = at.filtered()) {
      at = below.node();
    }
    return at;
  }

  /** The next image of the backing chain below {@code node}, or null. */
  public static @Nullable BlockNode backingChainNext(BlockNode node) {
    Child backing = skipFilters(node).backing();
    return backing == null ? null : skipFilters(backing.node());
  }

  /**
   * The image of the chain from {@code active} down whose backing file is {@code base}, both seen
   * without filters; null when there is none. For a null base, the last image.
   */
  public static @Nullable BlockNode overlayOf(BlockNode active, @Nullable BlockNode base) {
    BlockNode wanted = base == null ? null : skipFilters(base);
    for (BlockNode image = skipFilters(active); image != null; ) {
      BlockNode next = backingChainNext(image);
      if (next == wanted) {
        return image;
      }
      image = next;
    }
    return null;
  }

  /** The node right below: the filtered or the backing one, or null. */
  public static @Nullable BlockNode below(BlockNode node) {
    Child below = node.filteredOrBacking();
    return below == null ? null : below.node();
  }

  /** Whether {@code wanted} is {@code top} or lies below it in its backing chain. */
  public static boolean contains(BlockNode top, BlockNode wanted) {
    BlockNode at = top;
    while (at != wanted) {
      Child below = at.filteredOrBacking();
      if (below == null) {
        return false;
      }
      at = below.node();
    }
    return true;
  }

  /** Whether a copy of {@code source} may stand in for {@code replaced} without showing. */
  public static boolean mayReplace(BlockNode source, BlockNode replaced) {
    BlockNode at = source;
    for (Child below = at.filtered(); at != replaced && below != null; below = at.filtered()) {
      at = below.node();
    }
    return at == replaced || isMovableChild(at, replaced);
  }

  /**
   * What a quorum has is what most of its children say: each of them may be replaced by that,
   * unless somebody else sees the child, too.
   */
  private static boolean isMovableChild(BlockNode parent, BlockNode child) {
    return parent.capability(ChangesChildren.class) != null
        && child.parents().size() == 1
        && parent.children().contains(child.parents().getFirst());
  }

  /** The size of the node's clusters in bytes; 0 when the driver does not tell. */
  public static int clusterSize(BlockNode node) {
    ReportsImageInfo info = skipFilters(node).capability(ReportsImageInfo.class);
    return info == null ? 0 : info.imageFacts().clusterSize();
  }
}
