// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/** What requests of a node meet before its driver sees them, for tests of clients. Any thread. */
public interface RequestFaults {
  /**
   * A request has begun and counts as in flight; it may wait here.
   *
   * @param offset bytes; 0 for a flush
   * @param bytes 0 for a flush
   * @throws BlockException what the request fails with
   */
  void meet(RequestKind kind, long offset, long bytes) throws BlockException;

  /** Lets the requests of a node meet these; null for none. */
  static void put(BlockNode node, @Nullable RequestFaults faults) {
    node.io().setFaults(faults);
  }
}
