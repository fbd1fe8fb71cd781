// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Whoever opened the nodes of a graph: knows which options they have and which were asked for.
 * Control lane.
 */
public interface NodeOrigins {
  /** For graphs whose nodes nobody has opened from options. */
  NodeOrigins NONE =
      new NodeOrigins() {
        @Override
        public void setReadOnly(BlockNode node, boolean readOnly) throws BlockException {
          throw BlockException.of(
              Errno.ENOTSUP,
              "Block format '%s' used by node '%s' does not support reopening files"
                  .formatted(node.driver(), node.displayName()));
        }

        @Override
        public void backingFileChanged(BlockNode node) {}
      };

  /**
   * Makes the node read-only or writable, and those below that were opened with it, unless they
   * were asked to be something else. The node is drained.
   *
   * @throws BlockException why a driver or a user of the nodes does not allow it; nothing changed
   */
  void setReadOnly(BlockNode node, boolean readOnly) throws BlockException;

  /** The image names another backing file now, which nobody has opened by that name. */
  void backingFileChanged(BlockNode node);
}
