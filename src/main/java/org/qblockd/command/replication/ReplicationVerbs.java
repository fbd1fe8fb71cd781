// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.replication;

import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.ReplicationMode;
import org.qblockd.qapi.types.ReplicationStatus;
import org.qblockd.replication.ReplicationControl;

/**
 * The commands that drive all replication nodes without COLO; they need neither Xen nor a
 * migration. Control lane.
 */
public final class ReplicationVerbs {
  private final ReplicationControl replication;

  /** The commands for these nodes. */
  public ReplicationVerbs(ReplicationControl replication) {
    this.replication = replication;
  }

  /** {@code xen-set-replication}. */
  public void setReplication(boolean enable, boolean primary, Optional<Boolean> failover)
      throws QmpException, BlockException {
    if (enable) {
      if (failover.isPresent()) {
        throw QmpException.generic("Parameter 'failover' is only for stopping replication");
      }
      replication.start(primary ? ReplicationMode.PRIMARY : ReplicationMode.SECONDARY);
    } else if (failover.orElse(false)) {
      failOver();
    } else {
      replication.stop(false);
    }
  }

  /** A failover is never refused: what it could not do is asked for by the status. */
  private void failOver() {
    try {
      replication.stop(true);
    } catch (BlockException refused) {
      assert !refused.message().isEmpty();
    }
  }

  /** {@code query-xen-replication-status}. */
  public ReplicationStatus status() {
    try {
      replication.checkError();
      return new ReplicationStatus(false, Optional.empty());
    } catch (BlockException wrong) {
      return new ReplicationStatus(true, Optional.of(wrong.message()));
    }
  }

  /** {@code xen-colo-do-checkpoint}. */
  public void checkpoint() throws BlockException {
    replication.checkpoint();
  }
}
