// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.qblockd.base.BlockException;
import org.qblockd.block.NodeOptions;
import org.qblockd.qapi.types.BlockdevOptions;

/**
 * A driver's side whose own options can change while the node is open, see {@link
 * BlockDriver#mutableOptions}. Control lane, while the node is drained.
 */
public interface ReopensOptions {
  /** Checks the options and gets ready; nothing visible changes. */
  void prepareOptions(BlockdevOptions options, NodeOptions next) throws BlockException;

  /** The prepared options hold from now on. */
  void commitOptions();

  /** Forgets what was prepared. */
  void abortOptions();

  /** The file below is about to be another one: everything must be written to the old one. */
  default void beforeOtherFile() throws BlockException {}

  /** The file below is another one now; when this throws, the old one comes back. */
  default void afterOtherFile() throws BlockException {}
}
