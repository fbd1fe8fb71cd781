// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevRef;

/** Creates images: what blockdev-create and image targets of jobs do. Control lane. */
public interface FormatCreator {
  /** Where a creator gets the nodes that the new image lies on. */
  interface Nodes {
    /**
     * Opens or looks up a node to write the image to; the caller closes the backend.
     *
     * @return a backend that may read, write and resize
     */
    BlockBackend open(BlockdevRef ref) throws BlockException;
  }

  /**
   * Creates the image.
   *
   * @param options their branch is that of the driver
   * @throws BlockException EFBIG when the format cannot hold the size; the caller words that
   */
  void create(BlockdevCreateOptions options, Nodes nodes) throws BlockException;
}
