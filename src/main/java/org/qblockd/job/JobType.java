// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.Locale;

/** What a job does. Names: QAPI enum JobType. */
public enum JobType {
  COMMIT,
  STREAM,
  MIRROR,
  BACKUP,
  CREATE,
  AMEND,
  SNAPSHOT_LOAD,
  SNAPSHOT_SAVE,
  SNAPSHOT_DELETE;

  /** The name on the wire and in messages. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
