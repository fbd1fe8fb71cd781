// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/**
 * A driver whose node's children may come and go while it is open, and may be replaced by what the
 * node itself shows. Control lane; the node is drained inside.
 */
public interface ChangesChildren {
  /** Attaches one more child; the driver names the edge. All or nothing. */
  void addChild(BlockGraph graph, BlockNode child) throws BlockException;

  /** Takes this child away. All or nothing. */
  void removeChild(BlockGraph graph, Child child) throws BlockException;
}
