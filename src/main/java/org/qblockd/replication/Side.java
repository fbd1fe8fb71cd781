// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.qblockd.base.BlockException;

/** What one side of a replication does. Control lane. */
interface Side {
  /**
   * Gets everything into its place; the stage is running afterwards.
   *
   * @throws BlockException with the graph as before
   */
  void start() throws BlockException;

  /** Makes the present state the one that a failover goes back to. */
  void checkpoint() throws BlockException;

  /** Ends; sets the stage. */
  void stop(boolean failover) throws BlockException;

  /** The node is closed: what it still does ends now. */
  void close();
}
