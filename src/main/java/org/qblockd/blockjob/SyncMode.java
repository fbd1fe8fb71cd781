// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import java.util.Locale;

/** What a copy begins with. Names: QAPI enum MirrorSyncMode. */
public enum SyncMode {
  TOP,
  FULL,
  NONE,
  INCREMENTAL,
  BITMAP;

  /** Whether a bitmap says what is copied. */
  public boolean copiesBitmap() {
    return this == INCREMENTAL || this == BITMAP;
  }

  /** The name on the wire and in messages. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
