// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver whose node may get other options while it is open. Lane only, drained. */
public interface Reopens {
  /** Gets ready; nothing visible changes, and {@link #abortReopen} undoes it. */
  void prepareReopen(NodeOptions next) throws BlockException;

  /** Makes the prepared state the state. */
  void commitReopen();

  /** All nodes have their new options; what still fails is reported, the options stay. */
  default void reopened() {}

  /** Forgets the prepared state. */
  void abortReopen();
}
