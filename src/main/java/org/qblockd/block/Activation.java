// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Gives images to another process and takes them back: an inactive node is not written, holds no
 * lock that keeps others from writing, and forgets what it knows of its image when it becomes
 * active. A parent is never active over an inactive child. Control lane. The sentences are QEMU's.
 */
public final class Activation {
  private static final int WRITING = Permission.WRITE | Permission.WRITE_UNCHANGED;

  private final BlockGraph graph;

  /** The activation of nodes of this graph. */
  public Activation(BlockGraph graph) {
    this.graph = graph;
  }

  // ---- activate -------------------------------------------------------------------------------

  /**
   * Activates every node but those whose image has been given up, as in QEMU.
   *
   * @throws BlockException for the first that cannot be; those before it are active
   */
  public void activateAll() throws BlockException {
    for (BlockNode node : graph.nodes()) {
      if (!node.ejected()) {
        activate(node);
      }
    }
  }

  /** Activates the node and all below it. */
  public void activate(BlockNode node) throws BlockException {
    if (node.ejected()) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    for (Child child : node.children()) {
      activate(child.node());
    }
    if (node.inactive()) {
      graph.drained(
          node,
          () -> {
            takeOver(node);
            return node;
          });
    }
    for (Child parent : List.copyOf(node.parents())) {
      parent.parent().activated(parent);
    }
  }

  private void takeOver(BlockNode node) throws BlockException {
    node.setInactive(false);
    try {
      graph.refresh(node);
      Activates image = node.capability(Activates.class);
      if (image != null) {
        image.activate();
      }
    } catch (BlockException failed) {
      node.setInactive(true);
      graph.refresh(node);
      throw failed;
    }
    for (DirtyBitmap bitmap : node.bitmaps()) {
      bitmap.setSkipStore(false);
    }
  }

  // ---- inactivate -----------------------------------------------------------------------------

  /**
   * Inactivates every node, those above first.
   *
   * @throws BlockException for the first that cannot be; those before it are inactive
   */
  public void inactivateAll() throws BlockException {
    List<BlockNode> drained = graph.drainAllBegin();
    try {
      for (BlockNode node : graph.nodes()) {
        // Nodes with parents are reached from the last parent that becomes inactive.
        if (!hasNodeAbove(node, false)) {
          inactivateTree(node, true);
        }
      }
    } finally {
      graph.drainAllEnd(drained);
    }
  }

  /** Inactivates the node and what below it no active node uses. */
  public void inactivate(BlockNode node) throws BlockException {
    if (hasNodeAbove(node, true)) {
      throw BlockException.invalid("Node has active parent node");
    }
    graph.drained(
        node,
        () -> {
          try {
            inactivateTree(node, true);
          } catch (BlockException failed) {
            throw BlockException.withErrno(failed.errno(), "Failed to inactivate node");
          }
          return node;
        });
  }

  private void inactivateTree(BlockNode node, boolean top) throws BlockException {
    if (node.ejected()) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    if (node.inactive() || !top && hasNodeAbove(node, true)) {
      return;
    }
    Activates image = node.capability(Activates.class);
    if (image != null) {
      image.inactivate();
    }
    for (Child parent : List.copyOf(node.parents())) {
      parent.parent().inactivated(parent);
    }
    if ((PermissionUpdate.cumulative(node).used() & WRITING) != 0) {
      throw BlockException.io(Errno.EPERM);
    }
    node.setInactive(true);
    graph.refresh(node);
    for (Child child : node.children()) {
      inactivateTree(child.node(), false);
    }
  }

  /** Refuses an inactive child of an active node. */
  static void checkAttach(@Nullable BlockNode above, String edge, BlockNode node)
      throws BlockException {
    if (above != null && node.inactive() && !above.inactive()) {
      throw BlockException.invalid(
          "Inactive '%s' can't be a %s child of active '%s'"
              .formatted(node.name(), edge, above.name()));
    }
  }

  private static boolean hasNodeAbove(BlockNode node, boolean onlyActive) {
    for (Child parent : node.parents()) {
      BlockNode above = parent.parent().asNode();
      if (above != null && !(onlyActive && above.inactive())) {
        return true;
      }
    }
    return false;
  }
}
