// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;

/** How commands find nodes. Control lane. */
public final class Nodes {
  private Nodes() {}

  /** The first node at or below {@code node} that was not put in by the server itself. */
  public static BlockNode skipImplicit(BlockNode node) {
    BlockNode shown = node;
    while (shown.implicit()) {
      Child below = shown.filteredOrBacking();
      if (below == null) {
        return shown;
      }
      shown = below.node();
    }
    return shown;
  }

  /**
   * The root node of a command's {@code device} argument: a drive's, or the node of that name.
   *
   * @throws QmpException DeviceNotFound or an unfit node
   */
  public static BlockNode rootOf(BlockGraph graph, String device)
      throws QmpException, BlockException {
    BlockBackend backend = graph.backend(device);
    if (backend != null) {
      BlockNode node = backend.node();
      if (node == null) {
        throw BlockException.of(Errno.ENOMEDIUM, "Device '" + device + "' has no medium");
      }
      return checkedRoot(node);
    }
    BlockNode node = graph.node(device);
    if (node == null) {
      throw new QmpException(
          ErrorClass.GENERIC_ERROR,
          "Cannot find device='" + device + "' nor node-name='" + device + "'");
    }
    return checkedRoot(node);
  }

  private static BlockNode checkedRoot(BlockNode node) throws QmpException {
    if (!isRoot(node)) {
      throw QmpException.generic("Need a root block node");
    }
    if (node.ejected()) {
      throw QmpException.generic("Device has no medium");
    }
    return node;
  }

  /** A node is a root when only drives and exports hold it: no node and no job. */
  private static boolean isRoot(BlockNode node) {
    for (Child parent : node.parents()) {
      if (!(parent.parent() instanceof BlockBackend)) {
        return false;
      }
    }
    return true;
  }
}
