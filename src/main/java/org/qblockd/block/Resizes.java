// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver whose node can change its length. */
public interface Resizes {
  /**
   * Changes the length. New bytes read as zeroes when {@code zeroNew} is set.
   *
   * @param exact whether a protocol that cannot reach the length exactly must fail
   * @param preallocation {@code off}, {@code metadata}, {@code falloc} or {@code full}
   */
  void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException;
}
