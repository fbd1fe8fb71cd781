// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Pages;

/**
 * Takes bytes of a node by reference where they lie unchanged, and at the same place for ever, in a
 * file below it. Any thread. Requests are counted at all nodes on the way.
 */
public final class RangePages {
  private RangePages() {}

  /**
   * The bytes from {@code offset} on, at least one and at most {@code bytes}; nothing when they
   * have to be read, which also finds out what is wrong with them.
   */
  public static Optional<Pages> read(BlockNode node, long offset, int bytes) {
    try {
      boolean inside = offset <= node.length() - bytes;
      return inside ? Optional.ofNullable(tryRead(node, offset, bytes)) : Optional.empty();
    } catch (BlockException cannot) {
      // Reading will say why.
      return Optional.empty();
    }
  }

  private static @Nullable Pages tryRead(BlockNode node, long offset, int bytes)
      throws BlockException {
    NodeOps ops = node.ops();
    int align = ops.limits().requestAlignment();
    boolean plain = node.io().copyOnRead == null && !node.io().hasFaults();
    if (!plain || !Align.is(offset, align) || !Align.is(bytes, align)) {
      return null;
    }
    RequestTracker.Tracked request = node.io().tracker().begin(offset, bytes, true);
    try {
      return switch (ops) {
        case ForwardsRange way ->
            tryRead(way.forwardedTo().node(), way.forwarded(offset, bytes, false), bytes);
        case ReadsPages file -> file.readPages(offset, bytes);
        default -> null;
      };
    } finally {
      node.io().tracker().end(request);
    }
  }
}
