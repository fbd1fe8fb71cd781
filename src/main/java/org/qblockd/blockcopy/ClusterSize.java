// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ReportsImageInfo;

/** How much is copied as one. Control lane. */
public final class ClusterSize {
  /** The largest cluster that is copied as one, in bytes. */
  private static final long MAX_CLUSTER = 1L << 30;

  private ClusterSize() {}

  /**
   * What suits the target, in bytes.
   *
   * @param least what the user wishes at least, 0 for no wish
   */
  public static int of(BlockNode target, long least) throws BlockException {
    if (least != 0 && Long.bitCount(least) != 1) {
      throw BlockException.invalid(
          "Cannot create block-copy-state: min-cluster-size needs to be a power of 2");
    }
    if (least < 0 || least > MAX_CLUSTER) {
      throw BlockException.invalid(
          "Cannot create block-copy-state: min-cluster-size too large: %s > %d"
              .formatted(Long.toUnsignedString(least), MAX_CLUSTER));
    }
    return (int) Math.max(least, Math.max(BlockCopy.MIN_CLUSTER, ofImage(target)));
  }

  private static int ofImage(BlockNode target) {
    BlockNode image = target;
    for (Child below = image.filtered(); below != null; below = image.filtered()) {
      image = below.node();
    }
    ReportsImageInfo info = image.capability(ReportsImageInfo.class);
    return info == null ? 0 : info.imageFacts().clusterSize();
  }
}
