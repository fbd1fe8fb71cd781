// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.commit;

import org.qblockd.block.Child;
import org.qblockd.block.FilterOps;
import org.qblockd.block.NeverFrozen;
import org.qblockd.block.Perms;

/**
 * The filter {@code commit_top}: what lies below is being changed, so nothing is asked of it, and
 * whoever reads above sees the same all the time. Any thread.
 */
final class CommitTop extends FilterOps implements NeverFrozen {
  CommitTop(Child backing) {
    super(backing);
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return Perms.NONE;
  }
}
