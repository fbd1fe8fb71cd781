// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** Where errors go that happen while something is closed and that nobody can be told of by QMP. */
final class CloseErrors {
  private CloseErrors() {}

  static void report(BlockNode node, BlockException error) {
    System.err.println("qblockd: closing node '" + node.name() + "': " + error.message());
  }
}
