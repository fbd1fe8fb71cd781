// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** Puts one node in the place of another. Control lane. */
public final class NodeExchange {
  private NodeExchange() {}

  /**
   * The edge leads to {@code node} from now on, with the same permissions, or nothing changes.
   *
   * @throws BlockException why these permissions are not to be had there
   */
  public static void at(BlockGraph graph, Child edge, BlockNode node) throws BlockException {
    BlockNode old = edge.node();
    if (old.equals(node)) {
      return;
    }
    GraphTransaction transaction = new GraphTransaction();
    BlockNode reached =
        graph.drained(
            old,
            () ->
                graph.drained(
                    node,
                    () -> {
                      try {
                        graph.retarget(transaction, edge, node);
                        graph.refresh(transaction, node, old);
                        transaction.commit();
                        return edge.node();
                      } catch (BlockException refused) {
                        transaction.abort();
                        throw refused;
                      }
                    }));
    assert reached.equals(node);
    graph.closeIfUnused(old);
  }

  /** Replaces {@code from} by {@code to} in all parents that can move. All or nothing. */
  public static void inAllParents(BlockGraph graph, BlockNode from, BlockNode to)
      throws BlockException {
    GraphTransaction transaction = new GraphTransaction();
    BlockNode replaced =
        graph.drained(
            from,
            () ->
                graph.drained(
                    to,
                    () -> {
                      try {
                        graph.replace(transaction, from, to);
                        graph.refresh(transaction, to, from);
                        transaction.commit();
                      } catch (BlockException refused) {
                        transaction.abort();
                        throw refused;
                      }
                      return from;
                    }));
    assert replaced.equals(from);
  }
}
