// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver that knows where data and zeroes are. Any thread. */
public interface ReportsExtents {
  /**
   * The status at {@code offset}, for at most {@code bytes} bytes.
   *
   * @param wantZero whether the caller cares for zeroes; if not, larger extents are preferred
   */
  Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException;
}
