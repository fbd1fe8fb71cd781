// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

/** A place where a job can be held on demand, so that a client sees it there. */
public enum HoldPoint {
  /** Before the work begins. */
  START,
  /** Whenever so many bytes have been copied. */
  COPY,
  /** Before the state ready. */
  READY,
  /** The work is done; before the job tells so. */
  COMPLETION
}
