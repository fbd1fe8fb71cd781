// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import org.qblockd.base.BlockException;

/** A copy failed while reading or while writing. */
public final class CopyFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean read;
  private final BlockException error;

  CopyFailure(boolean read, BlockException error) {
    super(error);
    this.read = read;
    this.error = error;
  }

  /** Whether the source could not be read; else the target could not be written. */
  public boolean read() {
    return read;
  }

  /** What happened. */
  public BlockException error() {
    return error;
  }
}
