// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.qblockd.base.Errno;

/** What an I/O error does to a job. Names: QAPI enum BlockdevOnError. */
public enum OnError {
  REPORT,
  IGNORE,
  STOP,
  ENOSPC,
  AUTO;

  /** What happens for this error number. */
  public ErrorAction action(Errno errno) {
    return switch (this) {
      case REPORT -> ErrorAction.REPORT;
      case IGNORE -> ErrorAction.IGNORE;
      case STOP -> ErrorAction.STOP;
      case ENOSPC, AUTO -> errno == Errno.ENOSPC ? ErrorAction.STOP : ErrorAction.REPORT;
    };
  }
}
