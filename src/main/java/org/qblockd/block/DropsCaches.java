// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver that keeps metadata in memory which somebody else may change on the disk. */
public interface DropsCaches {
  /**
   * Reads everything anew. Control lane; the node is drained.
   *
   * @throws BlockException when the metadata cannot be read; requests fail from then on
   */
  void dropCaches() throws BlockException;
}
