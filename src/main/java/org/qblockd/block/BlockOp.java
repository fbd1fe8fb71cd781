// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** Operations on a node that a job or a command may refuse to others. */
public enum BlockOp {
  BACKUP_SOURCE,
  BACKUP_TARGET,
  CHANGE,
  COMMIT_SOURCE,
  COMMIT_TARGET,
  DRIVE_DEL,
  EJECT,
  EXTERNAL_SNAPSHOT,
  INTERNAL_SNAPSHOT,
  INTERNAL_SNAPSHOT_DELETE,
  MIRROR_SOURCE,
  MIRROR_TARGET,
  REPLACE,
  RESIZE,
  STREAM
}
