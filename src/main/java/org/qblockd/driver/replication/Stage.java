// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.replication;

/** How far a replication node has come. */
public enum Stage {
  /** Not started. */
  NONE,
  /** The two sides work together. */
  RUNNING,
  /** The secondary commits its data. */
  FAILOVER,
  /** The commit has failed: some data are in the buffers, some on the disk, for ever. */
  FAILOVER_FAILED,
  /** It has ended; the node only passes on what a secondary's users want. */
  DONE;

  /** Whether replication is over, so that start, checkpoint and stop are passed over. */
  public boolean over() {
    return this == FAILOVER || this == DONE;
  }
}
