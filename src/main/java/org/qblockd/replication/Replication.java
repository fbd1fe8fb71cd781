// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.qblockd.base.BlockException;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.driver.replication.ReplicationOps;
import org.qblockd.driver.replication.Stage;
import org.qblockd.qapi.types.ReplicationMode;

/**
 * One replication node's way through its stages: what is refused, what is passed over. Control
 * lane. Rules and sentences are QEMU's.
 */
final class Replication {
  private final ReplicationOps ops;
  private final Side side;

  Replication(BlockJobContext jobs, ReplicationOps ops) {
    this.ops = ops;
    this.side = side(jobs, ops);
  }

  private static Side side(BlockJobContext jobs, ReplicationOps ops) {
    if (!ops.role().primary()) {
      return new SecondarySide(jobs, ops);
    }
    return ops.role().shared() ? new SharedPrimarySide(jobs, ops) : new PrimarySide(ops);
  }

  boolean isOf(ReplicationOps other) {
    return ops == other;
  }

  void start(ReplicationMode mode) throws BlockException {
    if (ops.stage().over()) {
      // A secondary that took over and is the primary now: its old node only passes on.
      return;
    }
    if (ops.stage() != Stage.NONE) {
      throw BlockException.invalid("Block replication is running or done");
    }
    ReplicationMode own =
        ops.role().primary() ? ReplicationMode.PRIMARY : ReplicationMode.SECONDARY;
    if (mode != own) {
      throw BlockException.invalid(
          "The parameter mode's value is invalid, needs %d, but got %d"
              .formatted(own.ordinal(), mode.ordinal()));
    }
    side.start();
    ops.setStage(Stage.RUNNING);
    try {
      if (!ops.role().primary()) {
        side.checkpoint();
      }
    } finally {
      ops.setError(null);
    }
  }

  void checkpoint() throws BlockException {
    if (!ops.stage().over()) {
      side.checkpoint();
    }
  }

  void checkError() throws BlockException {
    if (ops.stage() == Stage.NONE) {
      throw BlockException.invalid("Block replication is not running");
    }
    BlockException error = ops.error();
    if (error != null) {
      throw BlockException.of(error.errno(), "I/O error occurred");
    }
  }

  void stop(boolean failover) throws BlockException {
    if (ops.stage().over()) {
      return;
    }
    if (ops.stage() != Stage.RUNNING) {
      throw BlockException.invalid("Block replication is not running");
    }
    side.stop(failover);
  }

  void close() {
    side.close();
  }
}
