// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.backup.BackupJob;
import org.qblockd.blockjob.backup.BackupOptions;
import org.qblockd.driver.replication.ReplicationOps;
import org.qblockd.driver.replication.Stage;

/**
 * The primary of a disk that both sides have open: before a write reaches the disk, the old content
 * goes to the secondary's hidden disk. Control lane.
 */
final class SharedPrimarySide implements Side {
  private final BlockJobContext jobs;
  private final BlockGraph graph;
  private final ReplicationOps ops;
  private @Nullable BlockNode disk;
  private @Nullable BlockJob backup;

  SharedPrimarySide(BlockJobContext jobs, ReplicationOps ops) {
    this.jobs = jobs;
    this.graph = jobs.graph();
    this.ops = ops;
  }

  @Override
  public void start() throws BlockException {
    String id = ops.role().sharedId();
    BlockNode shared = graph.lookup(id, id);
    SharedDisk.checkUncached(shared);
    backup =
        graph.drained(
            shared,
            () -> {
              // Before the first write comes: it must find the node forwarding.
              ops.setStage(Stage.RUNNING);
              try {
                return BackupJob.start(
                    jobs,
                    BackupOptions.of(shared, ops.node(), SyncMode.NONE)
                        .internal(this::ended)
                        .build());
              } catch (BlockException refused) {
                ops.setStage(Stage.NONE);
                throw refused;
              }
            });
    disk = shared;
  }

  private void ended(@Nullable BlockException error) {
    backup = null;
    ops.setStage(Stage.DONE);
    ops.setError(null);
  }

  @Override
  public void checkpoint() throws BlockException {
    BlockJob job = backup;
    BlockNode shared = disk;
    if (job == null || shared == null) {
      if (ops.stage() == Stage.NONE) {
        return;
      }
      throw BlockException.invalid("Primary backup job was cancelled unexpectedly");
    }
    // What the secondary reads from the disk itself from now on must be there.
    shared.flush();
    BlockNode done =
        graph.drained(
            shared,
            () -> {
              job.checkpoint();
              return shared;
            });
    assert done == shared;
  }

  @Override
  public void stop(boolean failover) {
    BlockJob job = backup;
    if (job == null) {
      ended(null);
    } else {
      job.cancelSync(true);
    }
  }

  @Override
  public void close() {
    if (ops.stage() == Stage.RUNNING) {
      stop(false);
    }
  }
}
