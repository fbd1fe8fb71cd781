// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * Minimum, maximum and sum of values within the last period. Two windows that overlap by half a
 * period take every value; the older one is asked, so an answer covers half a period at least. Not
 * thread safe: under the lock of {@link Accounting}.
 */
final class TimedAverage {
  private static final class Window {
    private long expiresNanos;
    private long min;
    private long max;
    private long sum;
    private long count;

    private void add(long value) {
      min = count == 0 ? value : Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      count++;
    }

    /** Begins anew, at a multiple of the period since the last beginning. */
    private void renewAfter(long now, long period) {
      if (expiresNanos > now) {
        return;
      }
      expiresNanos = now + period - (now - expiresNanos) % period;
      min = 0;
      max = 0;
      sum = 0;
      count = 0;
    }
  }

  private final long periodNanos;
  private final Window early = new Window();
  private final Window late = new Window();

  TimedAverage(long periodNanos, long nowNanos) {
    this.periodNanos = periodNanos;
    early.expiresNanos = nowNanos + periodNanos / 2;
    late.expiresNanos = nowNanos + periodNanos;
  }

  void add(long value, long now) {
    Window unused = older(now);
    early.add(value);
    late.add(value);
  }

  long min(long now) {
    return older(now).min;
  }

  long max(long now) {
    return older(now).max;
  }

  long average(long now) {
    Window window = older(now);
    return window.count == 0 ? 0 : window.sum / window.count;
  }

  /** The sum of the values, divided by the time in which they came. */
  double rate(long now) {
    Window window = older(now);
    long elapsed = periodNanos - (window.expiresNanos - now);
    return (double) window.sum / elapsed;
  }

  private Window older(long now) {
    early.renewAfter(now, periodNanos);
    late.renewAfter(now, periodNanos);
    return early.expiresNanos < late.expiresNanos ? early : late;
  }
}
