// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.compress;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.FilterOps;
import org.qblockd.block.Limits;
import org.qblockd.block.RequestFlags;

/** A filter whose writes are stored compressed. Threads as in {@link FilterOps}. */
final class CompressOps extends FilterOps {
  private final Limits limits;

  /**
   * A filter.
   *
   * @param cluster what can be compressed as one, in bytes
   */
  CompressOps(Child file, int cluster) {
    super(file);
    limits = Limits.aligned(cluster);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    super.write(offset, from, flags | RequestFlags.COMPRESSED);
  }

  @Override
  public Limits limits() {
    return limits;
  }
}
