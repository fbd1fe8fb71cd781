// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/**
 * A driver that can copy between two nodes of its own kind without passing the bytes. Any thread.
 */
public interface CopiesRange {
  /**
   * Copies {@code bytes} from this node to {@code target}.
   *
   * @throws BlockException ENOTSUP when this pair cannot be offloaded
   */
  void copyRange(long offset, NodeOps target, long targetOffset, long bytes) throws BlockException;
}
