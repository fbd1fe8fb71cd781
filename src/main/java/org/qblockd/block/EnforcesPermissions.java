// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;

/** A driver that makes its node's permissions hold outside this process (file locks). Lane only. */
public interface EnforcesPermissions {
  /** Takes what {@code perms} needs beside what is held; nothing changes when it throws. */
  void preparePermissions(Perms perms) throws BlockException;

  /** Gives up what the prepared permissions do not need. */
  void commitPermissions(Perms perms);

  /** Goes back to what was held before {@link #preparePermissions}. */
  void abortPermissions();
}
