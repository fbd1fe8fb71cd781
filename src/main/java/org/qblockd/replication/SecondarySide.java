// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replication;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Empties;
import org.qblockd.block.OpBlocker;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobContext;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.blockjob.backup.BackupJob;
import org.qblockd.blockjob.backup.BackupOptions;
import org.qblockd.blockjob.mirror.MirrorJob;
import org.qblockd.blockjob.mirror.MirrorOptions;
import org.qblockd.driver.replication.ReplicationOps;
import org.qblockd.driver.replication.Stage;

/**
 * The secondary: what the primary's writes overwrite is kept in the hidden disk, what its own
 * machine writes in the active disk; a checkpoint empties both, a failover commits both. Control
 * lane.
 *
 * <p>With a shared disk the primary itself fills the hidden disk, and there is no backup.
 */
final class SecondarySide implements Side {
  private final BlockJobContext jobs;
  private final BlockGraph graph;
  private final ReplicationOps ops;
  private final OpBlocker blocker = new OpBlocker("Block device is in use by internal backup job");
  private @Nullable SecondaryChain chain;
  private @Nullable BlockNode top;
  private @Nullable BlockJob backup;
  private @Nullable BlockJob commit;

  SecondarySide(BlockJobContext jobs, ReplicationOps ops) {
    this.jobs = jobs;
    this.graph = jobs.graph();
    this.ops = ops;
  }

  private boolean shared() {
    return ops.role().shared();
  }

  // ---- start ----------------------------------------------------------------------------------

  @Override
  public void start() throws BlockException {
    SecondaryChain found = SecondaryChain.find(graph, ops);
    if (shared()) {
      SharedDisk.checkUncached(found.disk());
    }
    found.makeWritable();
    try {
      found.attach();
      BlockNode above = found.checkedTop();
      if (!shared()) {
        backup = startBackup(found);
      }
      above.blockAll(blocker);
      top = above;
      chain = found;
    } catch (BlockException refused) {
      found.detach();
      found.restoreReadOnly();
      throw refused;
    }
  }

  private BlockJob startBackup(SecondaryChain found) throws BlockException {
    return BackupJob.start(
        jobs,
        BackupOptions.of(found.disk(), found.hidden(), SyncMode.NONE)
            .internal(this::backupEnded)
            .build());
  }

  private void backupEnded(@Nullable BlockException error) {
    backup = null;
    if (ops.stage() != Stage.FAILOVER) {
      ops.setError(BlockException.io(Errno.EIO));
    }
    unblock();
  }

  private void unblock() {
    BlockNode above = top;
    top = null;
    if (above != null) {
      above.unblockAll(blocker);
    }
    if (chain != null) {
      chain.restoreReadOnly();
    }
  }

  // ---- checkpoint -----------------------------------------------------------------------------

  @Override
  public void checkpoint() throws BlockException {
    BlockJob job = backup;
    SecondaryChain started = chain;
    if (started == null || (!shared() && job == null)) {
      throw BlockException.invalid("Backup job was cancelled unexpectedly");
    }
    // Nobody may read or write in between: neither the primary nor this side's machine.
    BlockNode done =
        graph.drained(
            started.hidden(),
            () -> {
              if (job != null) {
                job.checkpoint();
              }
              empty(started.active(), "Active");
              empty(started.hidden(), "Hidden");
              return started.hidden();
            });
    assert done == started.hidden();
    if (shared()) {
      SharedDisk.dropCaches(graph, started.disk());
    }
  }

  private static void empty(BlockNode buffer, String what) throws BlockException {
    Empties image = buffer.capability(Empties.class);
    if (image == null) {
      throw BlockException.of(Errno.ENOMEDIUM, what + " disk " + buffer.name() + " is ejected");
    }
    try {
      image.makeEmpty();
    } catch (BlockException failed) {
      // Half empty it would show a disk that never was.
      buffer.eject();
      throw BlockException.withErrno(failed.errno(), "Failed to empty " + buffer.filename());
    }
  }

  // ---- end ------------------------------------------------------------------------------------

  @Override
  public void stop(boolean failover) throws BlockException {
    BlockJob job = backup;
    if (job != null) {
      job.cancelSync(true);
    }
    if (!failover) {
      try {
        checkpoint();
      } finally {
        if (shared()) {
          unblock();
        }
        ops.setStage(Stage.DONE);
      }
      return;
    }
    failOver();
  }

  private void failOver() throws BlockException {
    SecondaryChain started = chain;
    if (started == null) {
      throw new IllegalStateException("running without its chain");
    }
    ops.setStage(Stage.FAILOVER);
    try {
      if (shared()) {
        unblock();
        // The primary has changed the disk's metadata since the checkpoint; now this side writes.
        SharedDisk.dropCaches(graph, started.disk());
      }
      commit =
          MirrorJob.start(
              jobs,
              MirrorOptions.commit(started.active(), started.disk())
                  .autoComplete(true)
                  .internal(this::commitEnded)
                  .build());
    } catch (BlockException refused) {
      commitEnded(refused);
      throw refused;
    }
  }

  private void commitEnded(@Nullable BlockException error) {
    commit = null;
    SecondaryChain started = chain;
    if (started == null) {
      return;
    }
    if (error != null) {
      commitFailed(started);
      return;
    }
    ops.setStage(Stage.DONE);
    chain = null;
    started.detach();
    ops.setError(null);
  }

  private void commitFailed(SecondaryChain started) {
    ops.setBuffers(started.buffers());
    ops.setStage(Stage.FAILOVER_FAILED);
    ops.setError(BlockException.io(Errno.EIO));
    if (shared()) {
      try {
        started.takeSharedDisk();
      } catch (BlockException refused) {
        // Writes that would have to go to the disk fail then, one by one.
        ops.setBuffers(null);
      }
    }
  }

  @Override
  public void close() {
    if (ops.stage() == Stage.RUNNING) {
      try {
        stop(false);
      } catch (BlockException cancelled) {
        // As in QEMU: the buffers keep what they have, nobody is there to be told.
        assert shared() || backup == null;
      }
    }
    BlockJob job = commit;
    if (job != null) {
      job.cancelSync(false);
    }
  }
}
