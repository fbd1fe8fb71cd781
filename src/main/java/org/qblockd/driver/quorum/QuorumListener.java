// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.quorum;

import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.qapi.types.QuorumOpType;

/** Is told what the children of quorums do wrong. Any thread. */
public interface QuorumListener {
  /**
   * The event QUORUM_REPORT_BAD.
   *
   * @param error the text of the error number, or null when the child's data are outvoted
   */
  void bad(
      QuorumOpType operation, BlockNode child, long offset, long bytes, @Nullable String error);

  /** The event QUORUM_FAILURE. */
  void failure(BlockNode quorum, long offset, long bytes);

  /** Two children that must be equal differ: says so and ends the process. */
  void mismatch(String line);
}
