// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver that can give space back. Any thread. */
public interface Discards {
  /**
   * The content of the range is no longer needed.
   *
   * @throws BlockException ENOTSUP when this range cannot be discarded; the caller ignores that
   */
  void discard(long offset, long bytes) throws BlockException;
}
