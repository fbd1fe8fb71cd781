// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** Puts images over nodes and takes them away again. Control lane; the node below is drained. */
public final class Overlays {
  private static final String EDGE = "backing";

  private Overlays() {}

  /** Whether images of the node's kind can have a backing file. */
  public static boolean possible(BlockNode overlay) {
    return overlay.capability(HasBackingFile.class) != null;
  }

  /**
   * Makes {@code below} the backing node of {@code overlay} and moves its parents there. All or
   * nothing.
   */
  public static void append(BlockGraph graph, BlockNode overlay, BlockNode below)
      throws BlockException {
    graph.drained(
        overlay,
        () -> {
          GraphTransaction transaction = new GraphTransaction();
          try {
            graph.attach(transaction, overlay, EDGE, ChildRole.COW, below, Perms.NONE);
            graph.replace(transaction, below, overlay);
            graph.refresh(transaction, overlay);
            transaction.commit();
            return overlay;
          } catch (BlockException refused) {
            transaction.abort();
            throw refused;
          }
        });
  }

  /** Undoes {@link #append}: the parents move back. */
  public static void remove(BlockGraph graph, BlockNode overlay, BlockNode below) {
    GraphTransaction transaction = new GraphTransaction();
    try {
      graph.drained(
          overlay,
          () -> {
            Child backing = overlay.backing();
            if (backing != null) {
              graph.detach(transaction, backing);
            }
            graph.replace(transaction, overlay, below);
            graph.refresh(transaction, below, overlay);
            return overlay;
          });
      transaction.commit();
    } catch (BlockException impossible) {
      // The parents were content with this node a moment ago.
      transaction.abort();
      CloseErrors.report(overlay, impossible);
    }
  }

  /** Lets nobody write the node any more; where that is not possible it stays writable. */
  public static void makeReadOnly(BlockGraph graph, BlockNode below) {
    try {
      graph.origins().setReadOnly(below, true);
    } catch (BlockException refused) {
      // As in QEMU, nobody is told: the snapshot has been taken, and a writable base harms nobody.
      return;
    }
  }
}
