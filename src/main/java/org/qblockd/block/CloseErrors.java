// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** Where errors go that happen while something is closed and that nobody can be told of by QMP. */
final class CloseErrors {
  private CloseErrors() {}

  /** Only nodes that hold the bytes themselves: the error of one above is told by its driver. */
  static void report(BlockNode node, BlockException error) {
    if (!node.children().isEmpty()) {
      return;
    }
    System.err.println("qblockd: closing node '" + node.name() + "': " + error.message());
  }
}
