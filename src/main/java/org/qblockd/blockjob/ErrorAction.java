// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

/** What was done about an I/O error. Names: QAPI enum BlockErrorAction. */
public enum ErrorAction {
  /** The job goes on as if nothing had happened, and tries again where it can. */
  IGNORE,
  /** The job fails. */
  REPORT,
  /** The job pauses until it is resumed or cancelled. */
  STOP
}
