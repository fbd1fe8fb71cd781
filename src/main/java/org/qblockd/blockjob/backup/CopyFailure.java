// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import org.qblockd.base.BlockException;

/** A copy failed while reading or while writing. */
final class CopyFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean read;
  private final BlockException error;

  CopyFailure(boolean read, BlockException error) {
    super(error);
    this.read = read;
    this.error = error;
  }

  /** Whether the source could not be read; else the target could not be written. */
  boolean read() {
    return read;
  }

  /** What happened. */
  BlockException error() {
    return error;
  }
}
