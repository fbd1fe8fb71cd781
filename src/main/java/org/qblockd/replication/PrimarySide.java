// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.qblockd.driver.replication.ReplicationOps;
import org.qblockd.driver.replication.Stage;

/** The primary whose writes are forwarded as they are: only the stage changes. Control lane. */
final class PrimarySide implements Side {
  private final ReplicationOps ops;

  PrimarySide(ReplicationOps ops) {
    this.ops = ops;
  }

  @Override
  public void start() {}

  @Override
  public void checkpoint() {}

  @Override
  public void stop(boolean failover) {
    ops.setStage(Stage.DONE);
    ops.setError(null);
  }

  @Override
  public void close() {}
}
