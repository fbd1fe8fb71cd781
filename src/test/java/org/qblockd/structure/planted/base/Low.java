// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure.planted.base;

import org.qblockd.structure.planted.job.High;

/** Planted: uses what is above it; the clock, which it may. */
public final class Low {
  private Low() {}

  /** Planted. */
  public static long up() {
    return High.time() + System.nanoTime();
  }
}
