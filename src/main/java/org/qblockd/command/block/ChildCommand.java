// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.ChangesChildren;
import org.qblockd.block.Child;
import org.qblockd.qapi.QmpException;

/** {@code x-blockdev-change}: children of a node come and go. Control lane. */
final class ChildCommand {
  private final BlockGraph graph;

  ChildCommand(BlockGraph graph) {
    this.graph = graph;
  }

  /**
   * Takes a child away or adds one.
   *
   * @param edge the edge to take away, or null
   * @param added the name of the node to add, or null; one of both is given
   */
  void run(String parent, @Nullable String edge, @Nullable String added)
      throws QmpException, BlockException {
    BlockNode node = graph.lookup(parent, parent);
    if (edge != null && added != null) {
      throw QmpException.generic("The parameters child and node are in conflict");
    }
    if (edge != null) {
      remove(node, parent, edge);
    } else if (added != null) {
      add(node, added);
    } else {
      throw QmpException.generic("Either child or node must be specified");
    }
  }

  private void remove(BlockNode node, String parent, String edge)
      throws QmpException, BlockException {
    Child child = node.child(edge);
    if (child == null) {
      throw QmpException.generic("Node '" + parent + "' does not have child '" + edge + "'");
    }
    ChangesChildren driver = node.capability(ChangesChildren.class);
    if (driver == null) {
      throw QmpException.generic(
          "The node " + node.displayName() + " does not support removing a child");
    }
    driver.removeChild(graph, child);
  }

  private void add(BlockNode node, String name) throws QmpException, BlockException {
    BlockNode child = graph.node(name);
    if (child == null) {
      throw QmpException.generic("Node '" + name + "' not found");
    }
    ChangesChildren driver = node.capability(ChangesChildren.class);
    if (driver == null) {
      throw QmpException.generic(
          "The node " + node.displayName() + " does not support adding a child");
    }
    if (!child.parents().isEmpty()) {
      throw QmpException.generic("The node " + child.name() + " already has a parent");
    }
    driver.addChild(graph, child);
  }
}
