// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.job.JobBody;

/** What a block job does, beside its life cycle. Threads as in {@link JobBody}. */
public interface BlockJobBody extends JobBody {
  /** The user changed the speed, in bytes per second; 0 for no limit. */
  default void speedChanged(long speed) {}

  /**
   * Begins anew from the source's content of this moment; the source is drained.
   *
   * @throws BlockException when this job cannot
   */
  default void checkpoint() throws BlockException {
    throw BlockException.invalid("The backup job only supports block checkpoint in sync=none mode");
  }

  /** Whether block-job-change exists for this job. */
  default boolean changeable() {
    return false;
  }

  /** Changes the copy mode of a mirror. */
  default void change(CopyMode copyMode) throws BlockException {}

  /** What {@link BlockJobInfo#activelySynced} shows; null where that does not exist. */
  default @Nullable Boolean activelySynced() {
    return null;
  }
}
