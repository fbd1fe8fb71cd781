// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

import org.qblockd.base.BlockException;
import org.qblockd.qapi.types.COLOMode;
import org.qblockd.qapi.types.ReplicationMode;
import org.qblockd.qapi.types.RunState;

/** The secondary side of COLO: does what the primary asks for. On the thread of the way in. */
final class ColoSecondary {
  private final Migration migration;
  private final Colo colo;
  private final ColoLink link;

  ColoSecondary(Migration migration, MigrationStream stream) {
    this.migration = migration;
    this.colo = migration.colo();
    this.link = new ColoLink(stream, migration.parts().clock());
  }

  /**
   * Runs until COLO has ended on this side or cannot go on.
   *
   * @param entering takes the machine over; on the lane
   */
  void run(LaneSteps.Action entering) {
    try {
      migration
          .steps()
          .run(() -> {
            entering.run();
            colo.enter(COLOMode.SECONDARY, link, null);
            migration.parts().replication().start(ReplicationMode.SECONDARY);
            migration.parts().runStates().resume();
          });
      link.send(FrameType.COLO_READY);
      while (true) {
        link.expect(FrameType.CHECKPOINT_REQUEST);
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

  private void checkpoint() throws BlockException, StreamException {
    migration
        .steps()
        .run(() -> {
          colo.checkOn(link);
          migration.parts().runStates().stop(RunState.COLO);
          migration.parts().runStates().set(RunState.COLO);
        });
    link.send(FrameType.CHECKPOINT_REPLY);
    link.expect(FrameType.CHECKPOINT_STATE);
    migration
        .steps()
        .run(() -> {
          colo.checkOn(link);
          migration.parts().replication().checkError();
          migration.parts().replication().checkpoint();
          migration.parts().runStates().resume();
        });
    link.send(FrameType.CHECKPOINT_LOADED);
  }
}
