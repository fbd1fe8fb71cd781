// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

/** When a job carries its result back into the user's bitmap. Names: QAPI enum BitmapSyncMode. */
public enum BitmapMode {
  ON_SUCCESS("on-success"),
  NEVER("never"),
  ALWAYS("always");

  private final String wireName;

  BitmapMode(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire and in messages. */
  public String wireName() {
    return wireName;
  }
}
