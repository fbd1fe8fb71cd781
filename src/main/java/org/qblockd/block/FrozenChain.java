// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Edges of a backing chain that must stay as they are while a job works on it. Control lane. The
 * sentences are QEMU's.
 */
public final class FrozenChain {
  private final List<Child> edges;

  private FrozenChain(List<Child> edges) {
    this.edges = edges;
  }

  /**
   * Freezes the edges from {@code top} down to {@code base}, which lies below it.
   *
   * @throws BlockException when one of them is frozen already or leads to a filter of a job
   */
  public static FrozenChain freeze(BlockNode top, BlockNode base) throws BlockException {
    check(top, base);
    List<Child> edges = new ArrayList<>();
    for (Child edge = down(top, base); edge != null; edge = down(edge.node(), base)) {
      if (edge.node().capability(NeverFrozen.class) != null) {
        throw BlockException.of(
            Errno.EPERM,
            "Cannot freeze '%s' link to '%s'".formatted(edge.name(), edge.node().name()));
      }
      edges.add(edge);
    }
    for (Child edge : edges) {
      edge.setFrozen(true);
    }
    return new FrozenChain(edges);
  }

  /** Lets the edges be changed again; further calls do nothing. */
  public void thaw() {
    for (Child edge : edges) {
      edge.setFrozen(false);
    }
    edges.clear();
  }

  /** Refuses when an edge from {@code top} down to {@code base} is frozen. */
  public static void check(BlockNode top, BlockNode base) throws BlockException {
    for (Child edge = down(top, base); edge != null; edge = down(edge.node(), base)) {
      check(edge);
    }
  }

  /** Refuses when this edge is frozen: it is about to lead elsewhere. */
  public static void check(Child edge) throws BlockException {
    if (edge.frozen()) {
      BlockNode above = edge.parent().asNode();
      throw BlockException.of(
          Errno.EPERM,
          "Cannot change '%s' link from '%s' to '%s'"
              .formatted(edge.name(), above == null ? "" : above.name(), edge.node().name()));
    }
  }

  /** Refuses when this edge is frozen: its node is about to be replaced. */
  static void checkMovable(Child edge) throws BlockException {
    if (edge.frozen()) {
      throw BlockException.of(
          Errno.EPERM,
          "Cannot change '%s' link to '%s'".formatted(edge.name(), edge.node().name()));
    }
  }

  private static @Nullable Child down(BlockNode node, BlockNode base) {
    return node == base ? null : node.filteredOrBacking();
  }
}
