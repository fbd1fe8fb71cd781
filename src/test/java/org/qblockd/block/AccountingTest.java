// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.qblockd.base.ManualClock;
import org.qblockd.block.Accounting.Kind;

final class AccountingTest {
  private static final long SECOND = 1_000_000_000L;

  private final ManualClock clock = new ManualClock();

  @Test
  void latenciesLeaveAnIntervalWhenItIsOver() {
    Accounting accounting = new Accounting(clock, true);
    accounting.addInterval(10);
    request(accounting, 4);
    request(accounting, 2);
    Accounting.Latency now = accounting.latency(0, Kind.READ);
    assertEquals(2 * SECOND, now.min());
    assertEquals(4 * SECOND, now.max());
    assertEquals(3 * SECOND, now.average());
    clock.advance(20 * SECOND);
    assertEquals(new Accounting.Latency(0, 0, 0, 0), accounting.latency(0, Kind.READ));
  }

  private void request(Accounting accounting, long seconds) {
    long start = accounting.start();
    clock.advance(seconds * SECOND);
    accounting.done(Kind.READ, 512, start);
  }

  @Test
  void requestsTakeAMillisecondOnTheClockOfTests() {
    Accounting accounting = new Accounting(clock, false);
    accounting.done(Kind.WRITE, 512, accounting.start());
    assertEquals(Accounting.TEST_LATENCY_NANOS, accounting.of(Kind.WRITE).nanos());
  }

  @Test
  void failedAndRefusedRequestsAreNoAccessWhenTheyDoNotCount() {
    Accounting accounting = new Accounting(clock, true);
    accounting.configure(false, false);
    accounting.failed(Kind.READ, accounting.start());
    accounting.invalid(Kind.READ);
    assertEquals(1, accounting.of(Kind.READ).failed());
    assertEquals(1, accounting.of(Kind.READ).invalid());
    assertEquals(-1, accounting.idleNanos());
  }

  @Test
  void aLatencyOnABoundaryCountsAboveIt() {
    Accounting accounting = new Accounting(clock, false);
    assertTrue(
        accounting.setHistogram(
            Kind.READ, new long[] {Accounting.TEST_LATENCY_NANOS, 2_000_000, 3_000_000}));
    accounting.done(Kind.READ, 512, accounting.start());
    LatencyHistogram histogram = accounting.of(Kind.READ).histogram();
    assertNotNull(histogram);
    assertArrayEquals(new long[] {0, 1, 0, 0}, histogram.bins());
    assertFalse(accounting.setHistogram(Kind.READ, new long[] {5, 5}));
  }
}
