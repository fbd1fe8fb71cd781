// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure.planted.job;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.qblockd.structure.planted.base.Low;

/** Planted: the clock by reference and by call, sleep and random in a wrong place, and a cycle. */
public final class High {
  private High() {}

  /** Planted. */
  public static long time() {
    LongSupplier clock = System::currentTimeMillis;
    return clock.getAsLong() + System.nanoTime();
  }

  /** Planted. */
  public static void rest() throws InterruptedException {
    Thread.sleep(ThreadLocalRandom.current().nextInt(), (int) Low.up());
  }
}
