// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.qblockd.base.ManualClock;

class RateLimitTest {
  private static final long SLICE = RateLimit.SLICE_NANOS;

  private final ManualClock clock = new ManualClock();
  private final RateLimit limit = new RateLimit(clock);

  @Test
  void withoutSpeedNothingWaits() {
    assertThat(limit.delay(1L << 40)).isZero();
  }

  @Test
  void workBeyondTheShareLengthensTheSlice() {
    limit.setSpeed(1000);
    assertThat(limit.delay(50)).isZero();
    assertThat(limit.delay(250)).isEqualTo(3 * SLICE);
    clock.advance(3 * SLICE);
    assertThat(limit.delay(0)).isZero();
    clock.advance(1);
    assertThat(limit.delay(99)).isZero();
  }

  @Test
  void anotherSpeedCountsAtOnce() {
    limit.setSpeed(1000);
    assertThat(limit.delay(1000)).isEqualTo(10 * SLICE);
    limit.setSpeed(10_000);
    assertThat(limit.delay(0)).isEqualTo(SLICE);
    limit.setSpeed(0);
    assertThat(limit.delay(0)).isZero();
  }
}
