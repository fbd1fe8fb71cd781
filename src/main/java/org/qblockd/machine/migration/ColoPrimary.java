// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.qapi.types.COLOMode;
import org.qblockd.qapi.types.ReplicationMode;
import org.qblockd.qapi.types.RunState;

/**
 * The primary side of COLO: asks for checkpoints, by time and on demand. On the thread of the
 * outgoing migration, but for {@link #requestCheckpoint} and {@link #end}, which are for any
 * thread.
 */
final class ColoPrimary {
  private final Migration migration;
  private final Colo colo;
  private final ColoLink link;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock, as the rest. */
  private boolean requested;

  private boolean ended;
  private Clock.@Nullable Timer timer;

  ColoPrimary(Migration migration, MigrationStream stream) {
    this.migration = migration;
    this.colo = migration.colo();
    this.link = new ColoLink(stream, migration.parts().clock());
  }

  /**
   * Runs until COLO has ended on this side or cannot go on.
   *
   * @param entered tells the state of the migration; on the lane
   */
  void run(Runnable entered) throws BlockException, StreamException {
    migration
        .steps()
        .run(() -> {
          entered.run();
          colo.enter(COLOMode.PRIMARY, link, this);
        });
    try {
      link.expect(FrameType.COLO_READY);
      migration.steps().run(this::begin);
      rearm();
      while (awaitRequest()) {
        checkpoint();
      }
    } catch (StreamException failed) {
      fail(failed.sentence());
    } catch (BlockException failed) {
      fail(failed.message());
    }
  }

  private void fail(String why) {
    migration.parts().lane().execute(() -> colo.failed(link, why));
  }

  private void begin() throws BlockException, StreamException {
    colo.checkOn(link);
    migration.parts().replication().start(ReplicationMode.PRIMARY);
    migration.parts().runStates().resume();
  }

  private void checkpoint() throws BlockException, StreamException {
    link.send(FrameType.CHECKPOINT_REQUEST);
    link.expect(FrameType.CHECKPOINT_REPLY);
    migration
        .steps()
        .run(() -> {
          colo.checkOn(link);
          migration.parts().runStates().stop(RunState.COLO);
          migration.parts().runStates().set(RunState.COLO);
          migration.parts().replication().checkpoint();
          migration.emitPass(1);
        });
    link.send(FrameType.CHECKPOINT_STATE);
    link.expect(FrameType.CHECKPOINT_LOADED);
    migration
        .steps()
        .run(() -> {
          colo.checkOn(link);
          migration.parts().runStates().resume();
        });
  }

  // ---- when -----------------------------------------------------------------------------------

  /** Makes a checkpoint at once, and the next one a delay later. */
  void requestCheckpoint() {
    lock.lock();
    try {
      requested = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    rearm();
  }

  private void rearm() {
    lock.lock();
    try {
      if (timer != null) {
        timer.cancel();
      }
      if (!ended) {
        long delay = TimeUnit.MILLISECONDS.toNanos(migration.checkpointDelayMillis());
        timer = migration.parts().clock().schedule(delay, this::requestCheckpoint);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitRequest() {
    lock.lock();
    try {
      while (!requested && !ended) {
        changed.awaitUninterruptibly();
      }
      requested = false;
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  /** This side goes on alone. */
  void end() {
    lock.lock();
    try {
      ended = true;
      if (timer != null) {
        timer.cancel();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
