// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.snapshot;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Activation;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.Overlays;
import org.qblockd.block.Permission;
import org.qblockd.block.PermissionUpdate;
import org.qblockd.command.transaction.Action;
import org.qblockd.qapi.QmpException;

/**
 * Puts an overlay over a node; the node becomes read-only when all actions have been prepared. Used
 * once, on the control lane.
 */
final class OverlayAction implements Action {
  /** Finds or opens the overlay; the graph closes it again if nobody uses it. */
  interface Source {
    BlockNode open(BlockNode below) throws QmpException, BlockException;
  }

  private final BlockGraph graph;
  private final @Nullable String device;
  private final @Nullable String nodeName;
  private final Source source;
  private @Nullable BlockNode below;
  private @Nullable BlockNode overlay;

  OverlayAction(
      BlockGraph graph, @Nullable String device, @Nullable String nodeName, Source source) {
    this.graph = graph;
    this.device = device;
    this.nodeName = nodeName;
    this.source = source;
  }

  @Override
  public void prepare() throws QmpException, BlockException {
    BlockNode node = graph.lookup(device, nodeName);
    graph.drainBegin(node);
    try {
      checkBelow(node);
      append(node);
      below = node;
    } finally {
      if (below == null) {
        graph.drainEnd(node);
      }
    }
  }

  private void checkBelow(BlockNode node) throws QmpException, BlockException {
    if (node.ejected()) {
      throw QmpException.generic("Device '" + device + "' has no medium");
    }
    node.checkOp(BlockOp.EXTERNAL_SNAPSHOT);
    if (!node.readOnly()) {
      try {
        node.flush();
      } catch (BlockException failed) {
        throw BlockException.of(failed.errno(), "An IO error has occurred");
      }
    }
  }

  private void append(BlockNode node) throws QmpException, BlockException {
    BlockNode opened = source.open(node);
    try {
      checkOverlay(opened);
      if (node.inactive() && !opened.inactive()) {
        // The machine has been handed over: its disks get overlays that are as inactive as they.
        new Activation(graph).inactivate(opened);
      }
      Overlays.append(graph, opened, node);
      overlay = opened;
    } finally {
      if (overlay == null) {
        graph.closeIfUnused(opened);
      }
    }
  }

  private static void checkOverlay(BlockNode opened) throws QmpException {
    int used = PermissionUpdate.cumulative(opened).used();
    // Those that only write, such as a mirror, do not mind what lies below.
    if ((used & Permission.CONSISTENT_READ) != 0) {
      throw QmpException.generic("The overlay is already in use");
    }
    if (opened.filtered() != null) {
      throw QmpException.generic("Filters cannot be used as overlays");
    }
    if (opened.backing() != null) {
      throw QmpException.generic("The overlay already has a backing image");
    }
    if (!Overlays.possible(opened)) {
      throw QmpException.generic("The overlay does not support backing images");
    }
  }

  @Override
  public void commit() {
    if (below != null && !below.readOnly()) {
      Overlays.makeReadOnly(graph, below);
    }
  }

  @Override
  public void abort() {
    if (below != null && overlay != null) {
      Overlays.remove(graph, overlay, below);
    }
  }

  @Override
  public void clean() {
    if (below != null && overlay != null) {
      graph.drainEnd(below);
      graph.closeIfUnused(overlay);
    }
  }
}
