// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.qblockd.base.BlockException;
import org.qblockd.qapi.types.ReplicationMode;

/** The replication nodes that are open. Control lane. */
public final class ReplicationNodes implements ReplicationControl {
  @Override
  public void start(ReplicationMode mode) throws BlockException {}

  @Override
  public void checkpoint() throws BlockException {}

  @Override
  public void checkError() throws BlockException {}

  @Override
  public void stop(boolean failover) throws BlockException {}
}
