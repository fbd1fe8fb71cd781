// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.qblockd.base.VirtualClock;

final class QtestProtocolTest {
  private final VirtualClock clock = new VirtualClock(false, () -> {});
  private final QtestProtocol protocol = new QtestProtocol(clock, () -> {}, () -> {});

  @Test
  void aStepGoesAsFarAsToldOrToTheNextTimer() {
    clock.setEnabled(true);
    clock.schedule(100, () -> {});
    clock.schedule(1_000_000, () -> {});
    assertEquals("OK 100", protocol.answer("clock_step"));
    assertEquals("OK 150", protocol.answer("clock_step 50"));
    assertEquals("OK 1024", protocol.answer("clock_set 0x400"));
    assertEquals("FAIL 1024", protocol.answer("clock_set 1000"));
  }

  @Test
  void timeThatCannotGoOnIsAFailure() {
    assertEquals("FAIL 0", protocol.answer("clock_step"));
    assertEquals("FAIL 0", protocol.answer("clock_step 5"));
    clock.setEnabled(true);
    assertEquals("FAIL 0", protocol.answer("clock_step 5"));
    assertEquals("FAIL Not a number: 'x'", protocol.answer("clock_step x"));
  }

  @Test
  void onlyAMachineUnderTestHasAClockToMove() {
    QtestProtocol other = new QtestProtocol(null, () -> {}, () -> {});
    assertEquals("FAIL Unknown command 'clock_step'", other.answer("clock_step 5"));
    assertEquals("FAIL Unknown command 'foo'", other.answer("foo bar"));
    assertEquals("OK little", other.answer("endianness"));
  }
}
