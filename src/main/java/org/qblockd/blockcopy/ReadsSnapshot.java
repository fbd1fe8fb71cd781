// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.block.Extent;

/** A driver that can show its data as they were when it was opened. Any thread. */
public interface ReadsSnapshot {
  /**
   * Fills {@code into} with what was at {@code offset}.
   *
   * @throws BlockException EACCES where the old data are not kept
   */
  void readSnapshot(long offset, ByteBuffer into) throws BlockException;

  /** The status of what was there. */
  Extent snapshotExtent(long offset, long bytes, boolean wantZero) throws BlockException;

  /** The old data are not needed any more. */
  void discardSnapshot(long offset, long bytes) throws BlockException;
}
