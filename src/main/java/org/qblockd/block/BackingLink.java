// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/** Gives an overlay another backing node. Control lane. */
public final class BackingLink {
  private BackingLink() {}

  /**
   * Lets {@code overlay} lie over {@code backing}, or over nothing. All or nothing.
   *
   * @throws BlockException when the link is frozen, or users would not get on with each other
   */
  public static void set(BlockGraph graph, BlockNode overlay, @Nullable BlockNode backing)
      throws BlockException {
    GraphTransaction transaction = new GraphTransaction();
    try {
      set(transaction, graph, overlay, backing);
      graph.refresh(transaction, overlay);
      transaction.commit();
    } catch (BlockException refused) {
      transaction.abort();
      throw refused;
    }
  }

  /** The same as a step of a transaction; permissions are not updated. */
  public static void set(
      GraphTransaction transaction,
      BlockGraph graph,
      BlockNode overlay,
      @Nullable BlockNode backing)
      throws BlockException {
    Child current = overlay.backing();
    if ((current == null ? null : current.node()) == backing) {
      return;
    }
    if (current != null) {
      FrozenChain.check(current);
      graph.detach(transaction, current);
    }
    if (backing != null) {
      Child unused =
          graph.attach(transaction, overlay, "backing", ChildRole.COW, backing, Perms.NONE);
    }
  }
}
