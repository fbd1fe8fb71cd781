// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** An image that keeps dirty bitmaps when it is closed. Control lane. */
public interface StoresBitmaps {
  /**
   * Checks that one more bitmap of this form could be kept.
   *
   * @param granularity bytes
   * @throws BlockException why not, in QEMU's words
   */
  void checkCanStore(String name, long granularity) throws BlockException;

  /** Drops what the image has stored of this bitmap; nothing happens when there is nothing. */
  void removeStored(String name) throws BlockException;
}
