// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.object;

import org.qblockd.machine.qom.QomProperty;
import org.qblockd.qapi.InputVisitor;
import org.qblockd.qapi.QmpException;

/** What iothreads and the main loop have in common. Control lane. */
abstract class EventLoopObject extends UserObject {
  private static final long DEFAULT_POOL_MAX = 64;

  private long batch;
  private long poolMin;
  private long poolMax = DEFAULT_POOL_MAX;
  private boolean completed;

  EventLoopObject(String type) {
    super(type);
    addClass(
        QomProperty.number("aio-max-batch", "int", () -> batch, (in, n) -> batch = natural(in, n)),
        QomProperty.number("thread-pool-min", "int", () -> poolMin, this::setPoolMin),
        QomProperty.number("thread-pool-max", "int", () -> poolMax, this::setPoolMax));
  }

  private void setPoolMin(InputVisitor in, String name) throws QmpException {
    long value = natural(in, name);
    checkPool(value, poolMax);
    poolMin = value;
  }

  private void setPoolMax(InputVisitor in, String name) throws QmpException {
    long value = natural(in, name);
    checkPool(poolMin, value);
    poolMax = value;
  }

  /** While the object is being made, its properties come one by one; what counts is the end. */
  private void checkPool(long min, long max) throws QmpException {
    if (completed && (max == 0 || min > max || max > Integer.MAX_VALUE)) {
      throw QmpException.generic("bad thread-pool-min/thread-pool-max values");
    }
  }

  @Override
  protected void complete() throws QmpException {
    completed = true;
    checkPool(poolMin, poolMax);
  }

  /** Requests that are submitted together at most; 0 for the default. */
  final long batch() {
    return batch;
  }

  static long natural(InputVisitor in, String name) throws QmpException {
    long value = in.integer(name);
    if (value < 0) {
      throw QmpException.generic(name + " value must be in range [0, " + Long.MAX_VALUE + "]");
    }
    return value;
  }
}
