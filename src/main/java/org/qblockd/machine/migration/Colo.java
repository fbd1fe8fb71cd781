// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.machine.RunStates;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.COLOExitReason;
import org.qblockd.qapi.types.COLOMode;
import org.qblockd.qapi.types.COLOStatus;
import org.qblockd.qapi.types.ColoExitEvent;
import org.qblockd.qapi.types.RunState;

/**
 * On which side of COLO this server is, and the failover that ends it. Control lane, but for {@link
 * #link}.
 */
public final class Colo {
  private final Migration migration;
  private COLOMode mode = COLOMode.NONE;
  private COLOMode lastMode = COLOMode.NONE;
  private COLOExitReason reason = COLOExitReason.NONE;
  private boolean exitTold;
  private @Nullable ColoPrimary primary;
  private volatile @Nullable ColoLink link;

  Colo(Migration migration) {
    this.migration = migration;
  }

  /** The side, none outside COLO. */
  public COLOMode mode() {
    return mode;
  }

  /** What query-colo-status shows. */
  public COLOStatus status() {
    return new COLOStatus(mode, lastMode, reason);
  }

  /** The connection to the other side; null outside COLO. Any thread. */
  @Nullable ColoLink link() {
    return link;
  }

  void enter(COLOMode side, ColoLink connection, @Nullable ColoPrimary sender) {
    mode = side;
    reason = COLOExitReason.NONE;
    exitTold = false;
    link = connection;
    primary = sender;
  }

  /** Whether this connection's COLO still goes on. */
  boolean isOn(ColoLink connection) {
    return mode != COLOMode.NONE && link == connection;
  }

  /** Throws when this connection's COLO has ended meanwhile. */
  void checkOn(ColoLink connection) throws StreamException {
    if (!isOn(connection)) {
      throw new StreamException("COLO has ended");
    }
  }

  /** COLO cannot go on; this side waits for somebody who knows whether the other one is dead. */
  void failed(ColoLink connection, String why) {
    connection.close();
    if (isOn(connection)) {
      migration.parts().report().accept(why);
      tell(COLOExitReason.ERROR);
    }
  }

  /** Tells once why COLO has ended. */
  void tell(COLOExitReason why) {
    tell(mode, why);
  }

  private void tell(COLOMode side, COLOExitReason why) {
    if (!exitTold) {
      exitTold = true;
      migration.parts().events().emit(new ColoExitEvent(side, why));
    }
  }

  void delayChanged() {
    if (primary != null) {
      primary.requestCheckpoint();
    }
  }

  /**
   * Goes on alone: the primary with all that it has written, the secondary with the last checkpoint
   * and its own writes since.
   */
  void lostHeartbeat() throws QmpException {
    if (mode == COLOMode.NONE) {
      throw QmpException.generic("VM is not in COLO mode");
    }
    COLOMode side = mode;
    RunStates states = migration.parts().runStates();
    pause(states);
    leave(side);
    migration.coloCompleted(side);
    try {
      migration.parts().replication().stop(true);
    } catch (BlockException failed) {
      migration.parts().report().accept(failed.message());
    }
    if (side == COLOMode.SECONDARY) {
      tell(side, COLOExitReason.REQUEST);
    }
    migration
        .parts()
        .lane()
        .post(() -> {
          tell(side, COLOExitReason.REQUEST);
          if (states.state() == RunState.COLO) {
            states.resume();
          }
        });
  }

  private void pause(RunStates states) {
    try {
      states.stop(RunState.COLO);
    } catch (BlockException unflushed) {
      // The nodes that cannot be flushed are those on the dead side; whoever writes is told.
      migration.parts().report().accept(unflushed.message());
    }
    states.set(RunState.COLO);
  }

  private void leave(COLOMode side) {
    ColoLink connection = link;
    if (connection != null) {
      connection.close();
    }
    if (primary != null) {
      primary.end();
    }
    primary = null;
    link = null;
    lastMode = side;
    mode = COLOMode.NONE;
    reason = COLOExitReason.REQUEST;
  }

  /** The server ends. */
  void shutDown() {
    if (mode == COLOMode.PRIMARY) {
      tell(COLOExitReason.ERROR);
      leave(COLOMode.PRIMARY);
    }
  }
}
