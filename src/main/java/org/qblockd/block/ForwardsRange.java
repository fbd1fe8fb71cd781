// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver whose bytes lie as they are in a child: copies between files can go on there. */
public interface ForwardsRange {
  /** The child. Any thread. */
  Child forwardedTo();

  /**
   * Where the range lies in the child.
   *
   * @throws BlockException ENOTSUP when it must not be copied there
   */
  long forwarded(long offset, long bytes, boolean write) throws BlockException;
}
