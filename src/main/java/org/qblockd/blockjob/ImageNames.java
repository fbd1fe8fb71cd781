// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.qblockd.block.BlockNode;

/** How an image names another one as its backing file. Control lane. */
public interface ImageNames {
  /** The file name of the node as queries show it. */
  String filename(BlockNode node);

  /** Whether the node is accessed without an image format. */
  boolean isProtocol(BlockNode node);

  /**
   * The format to write beside the name.
   *
   * @param maskProtocol whether a node without an image format is called raw
   */
  default String format(BlockNode node, boolean maskProtocol) {
    return maskProtocol && isProtocol(node) ? "raw" : node.driver();
  }
}
