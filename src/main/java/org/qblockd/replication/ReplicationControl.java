// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.qblockd.base.BlockException;
import org.qblockd.qapi.types.ReplicationMode;

/**
 * All replication nodes of the server as one: what COLO and the {@code xen-*} commands drive. With
 * no replication node everything succeeds and does nothing. The nodes are asked newest first; the
 * first that refuses ends the call, and those asked before stay as they are then.
 *
 * <p>Control lane. Every error has QEMU's sentence.
 */
public interface ReplicationControl {
  /** Starts every node as this side; a node that has done a failover ignores it. */
  void start(ReplicationMode mode) throws BlockException;

  /** Makes what the primary has written the state that a failover goes back to. */
  void checkpoint() throws BlockException;

  /** Throws when a node does not replicate, or has met an error since its start. */
  void checkError() throws BlockException;

  /**
   * Ends replication. With {@code failover} a secondary goes on with its own data: they are
   * committed in the background, and no node is left out because another one refuses. Without, a
   * secondary reports that its backup was cancelled.
   */
  void stop(boolean failover) throws BlockException;
}
