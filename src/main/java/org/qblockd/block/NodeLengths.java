// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** What the length of a node can be. Stateless; any thread. */
public final class NodeLengths {
  /** The largest length in bytes, as in QEMU. */
  static final long MAX = Long.MAX_VALUE & -(1L << 30);

  private NodeLengths() {}

  /** Refuses a length in bytes that no node can have, with QEMU's sentence. */
  public static void check(long length) throws BlockException {
    if (length < 0) {
      throw BlockException.invalid("Image size cannot be negative");
    }
    if (length > MAX) {
      throw BlockException.of(Errno.EIO, "offset(" + length + ") exceeds maximum(" + MAX + ")");
    }
  }
}
