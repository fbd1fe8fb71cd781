// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.transaction;

import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;

/**
 * One action of a transaction, or a command that is a transaction of its own. Used once, on the
 * control lane, while every node was drained for a moment.
 *
 * <p>All actions are prepared in their order. Then all are committed, or those that were prepared
 * are aborted; at last these are cleaned. Commit, abort and clean go from the newest to the oldest.
 */
public interface Action {
  /**
   * Makes all checks and does what can fail. When it throws, it has changed nothing, and none of
   * the other methods is called.
   */
  void prepare() throws QmpException, BlockException;

  /** Makes what was prepared final; cannot fail. */
  default void commit() {}

  /** Undoes what was prepared. */
  default void abort() {}

  /** Gives back what was only held meanwhile, after all were committed or aborted. */
  default void clean() {}
}
