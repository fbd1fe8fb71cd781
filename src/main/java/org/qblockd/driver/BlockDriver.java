// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.block.NodeOps;

/** A block driver: how it is called, what it recognises, how it opens a node. Control lane. */
public interface BlockDriver {
  /** The name in options and queries: {@code qcow2}. */
  String name();

  /**
   * How sure the driver is that an image that begins with {@code head} (up to 2 KiB, zero-padded) is
   * of its format: 0 not at all, 100 certain. Protocols and filters answer 0.
   */
  default int probe(ByteBuffer head, String filename) {
    return 0;
  }

  /** Whether the driver talks to storage itself instead of lying over a {@code file} child. */
  default boolean isProtocol() {
    return false;
  }

  /** Whether the driver is a filter. */
  default boolean isFilter() {
    return false;
  }

  /** Whether images of this format can have a backing file. */
  default boolean supportsBacking() {
    return false;
  }

  /**
   * Opens the node. When it throws, the caller detaches the children that were opened.
   *
   * @throws BlockException with QEMU's sentence
   */
  NodeOps open(OpenRequest request) throws BlockException;
}
