// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;

/** A driver whose written data stays in a cache of the host until it is flushed. Any thread. */
public interface StartsWriteback {
  /** Lets the host begin to write out what is dirty. A hint: errors are left to the flush. */
  void startWriteback();

  /** Does so at the first node at or below {@code node} that can. */
  static void below(BlockNode node) {
    @Nullable Child primary = node.primary();
    StartsWriteback here = node.capability(StartsWriteback.class);
    if (here != null) {
      here.startWriteback();
    } else if (primary != null) {
      below(primary.node());
    }
  }
}
