// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver that can change between read-only and read-write while open. Lane only, drained. */
public interface Reopens {
  /** Gets ready; nothing visible changes, and {@link #abortReopen} undoes it. */
  void prepareReopen(boolean readOnly) throws BlockException;

  /** Makes the prepared state the state. */
  void commitReopen();

  /** Forgets the prepared state. */
  void abortReopen();
}
