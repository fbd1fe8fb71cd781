// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.qapi.types.BlockdevOptions;
import org.qblockd.qapi.types.BlockdevRef;

/** What a driver is given to open a node. Control lane; valid during the open only. */
public interface OpenRequest {
  /** The node being opened, with its name and common options. */
  BlockNode node();

  /** The node's options; their branch is that of the driver asked. */
  BlockdevOptions options();

  /** Opens or looks up the node that {@code ref} means and attaches it under this edge name. */
  Child openChild(String edgeName, int role, BlockdevRef ref) throws BlockException;

  /**
   * Tells that the node can only be opened read-only; allowed when it is so already or when
   * auto-read-only is set.
   *
   * @param refusal the sentence to fail with otherwise
   */
  void fallBackToReadOnly(String refusal) throws BlockException;
}
