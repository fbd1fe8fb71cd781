// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import java.util.Locale;

/** When a mirror copies what is written. Names: QAPI enum MirrorCopyMode. */
public enum CopyMode {
  /** Later, in the background. */
  BACKGROUND,
  /** Before the write completes. */
  WRITE_BLOCKING;

  /** The name on the wire and in messages. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
