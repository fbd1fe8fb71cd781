// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.driver.replication.ReplicationListener;
import org.qblockd.driver.replication.ReplicationOps;
import org.qblockd.qapi.types.ReplicationMode;

/** The replication nodes that are open. Control lane. */
public final class ReplicationNodes implements ReplicationControl, ReplicationListener {
  private final BlockJobContext jobs;

  /** Newest first. */
  private final List<Replication> nodes = new ArrayList<>();

  /** No nodes yet; their jobs will live in {@code jobs}. */
  public ReplicationNodes(BlockJobContext jobs) {
    this.jobs = jobs;
  }

  @Override
  public void opened(ReplicationOps node) {
    nodes.addFirst(new Replication(jobs, node));
  }

  @Override
  public void closing(ReplicationOps node) {
    for (Replication replication : List.copyOf(nodes)) {
      if (replication.isOf(node)) {
        replication.close();
        nodes.remove(replication);
      }
    }
  }

  @Override
  public void start(ReplicationMode mode) throws BlockException {
    for (Replication node : List.copyOf(nodes)) {
      node.start(mode);
    }
  }

  @Override
  public void checkpoint() throws BlockException {
    for (Replication node : List.copyOf(nodes)) {
      node.checkpoint();
    }
  }

  @Override
  public void checkError() throws BlockException {
    for (Replication node : List.copyOf(nodes)) {
      node.checkError();
    }
  }

  @Override
  public void stop(boolean failover) throws BlockException {
    BlockException first = null;
    for (Replication node : List.copyOf(nodes)) {
      try {
        node.stop(failover);
      } catch (BlockException refused) {
        if (!failover) {
          throw refused;
        }
        first = first == null ? refused : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
