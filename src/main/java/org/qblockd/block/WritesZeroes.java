// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver that can write zeroes without being sent them. Any thread. */
public interface WritesZeroes {
  /**
   * Makes the range read as zeroes. Without {@link RequestFlags#MAY_UNMAP} it stays allocated.
   *
   * @throws BlockException ENOTSUP when this range cannot be done this way; the caller then writes
   */
  void writeZeroes(long offset, long bytes, int flags) throws BlockException;
}
