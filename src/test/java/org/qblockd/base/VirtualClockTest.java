// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VirtualClockTest {
  private final List<Long> fired = new ArrayList<>();

  @Test
  void aTimerSetByATimerFiresAtItsOwnTimeWithinTheSameStep() {
    VirtualClock clock = running(false);
    clock.schedule(
        10,
        () -> {
          fired.add(clock.monotonicNanos());
          clock.schedule(5, () -> fired.add(clock.monotonicNanos()));
        });
    clock.schedule(100, () -> fired.add(clock.monotonicNanos()));

    assertEquals(50, clock.advanceTo(50, VirtualClockTest::settled));
    assertEquals(List.of(10L, 15L), fired);
  }

  @Test
  void withoutTimersTimeStandsStillButInAPcItsIntervalTimerGoesOn() {
    assertEquals(0, running(false).advanceTo(1_000, VirtualClockTest::settled));
    VirtualClock pc = running(true);
    assertEquals(27_462_700, pc.untilNextTimer());
    assertEquals(1_000_000_000_000L, pc.advanceTo(1_000_000_000_000L, VirtualClockTest::settled));
  }

  @Test
  void aStoppedMachinesTimeStandsStill() {
    VirtualClock clock = running(true);
    clock.setEnabled(false);
    assertEquals(-1, clock.untilNextTimer());
    assertEquals(0, clock.advanceTo(1_000, VirtualClockTest::settled));
  }

  @Test
  void workOfATimerIsAwaitedBeforeTimeGoesOn() {
    List<Clock.Hold> held = new ArrayList<>();
    List<Long> settledAt = new ArrayList<>();
    VirtualClock clock = running(false);
    clock.schedule(10, () -> held.add(clock.hold()));
    clock.schedule(20, () -> fired.add(clock.monotonicNanos()));

    clock.advanceTo(
        20,
        () -> {
          if (clock.isHeld()) {
            settledAt.add(clock.monotonicNanos());
            held.removeLast().release();
          }
        });

    assertEquals(List.of(10L), settledAt);
    assertEquals(List.of(20L), fired);
    assertTrue(held.isEmpty());
  }

  private static VirtualClock running(boolean beats) {
    VirtualClock clock = new VirtualClock(beats, () -> {});
    clock.setEnabled(true);
    return clock;
  }

  /** Nothing has to settle here. */
  private static void settled() {}
}
