// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;

/** Opens the backing file that an image names and attaches it. Control lane. */
@FunctionalInterface
public interface BackingOpener {
  /** Opens what {@code image}, which has no backing node, names; nothing if it names none. */
  void open(BlockNode image) throws BlockException;
}
