// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver that knows how much space its node takes on the host. Any thread. */
public interface ReportsAllocation {
  /** Bytes allocated on the host, without those of children. */
  long allocatedBytes() throws BlockException;
}
