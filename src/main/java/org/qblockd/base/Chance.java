// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.util.SplittableRandom;

/** Draws that a seed repeats. Confined to one thread, or guarded by its owner. */
public final class Chance {
  private final SplittableRandom random;

  /** The same seed draws the same. */
  public Chance(long seed) {
    random = new SplittableRandom(seed);
  }

  /** True in so many cases out of one, from 0 for never to 1 for always. */
  public boolean happens(double rate) {
    return rate >= 1 || random.nextDouble() < rate;
  }
}
