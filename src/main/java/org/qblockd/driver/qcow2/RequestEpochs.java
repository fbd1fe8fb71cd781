// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Knows when every request that could still use a freed cluster has ended. A request looks up where
 * its bytes lie without a lock and does its I/O there; a cluster that is freed meanwhile must not
 * be given to another guest address before that I/O has ended. Any thread.
 *
 * <p>Two counters, one for each of the current and the previous epoch: an epoch begins only when
 * the one before the current has no requests left, so what was freed in epoch n is free of users
 * once epoch n + 2 has begun.
 */
final class RequestEpochs {
  private final AtomicLong current = new AtomicLong();
  private final AtomicInteger even = new AtomicInteger();
  private final AtomicInteger odd = new AtomicInteger();

  /** Counts a request in; the result goes to {@link #exit}. */
  long enter() {
    while (true) {
      long epoch = current.get();
      counter(epoch).incrementAndGet();
      if (current.get() == epoch) {
        return epoch;
      }
      counter(epoch).decrementAndGet();
    }
  }

  void exit(long epoch) {
    counter(epoch).decrementAndGet();
  }

  /** The epoch to note with something that is freed now. */
  long now() {
    return current.get();
  }

  /** Begins the next epoch if the previous one has no requests left. */
  void tryAdvance() {
    long epoch = current.get();
    if (counter(epoch + 1).get() == 0) {
      current.compareAndSet(epoch, epoch + 1);
    }
  }

  /** Whether no request that saw what was freed in {@code epoch} is left. */
  boolean ended(long epoch) {
    return current.get() >= epoch + 2;
  }

  private AtomicInteger counter(long epoch) {
    return (epoch & 1) == 0 ? even : odd;
  }
}
