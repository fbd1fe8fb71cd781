// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.testing;

import java.util.Optional;
import org.qblockd.base.VirtualClock;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.TestClockTime;

/** Moves the test clock. Control lane. */
final class ClockCommands {
  private final Machine machine;

  ClockCommands(Machine machine) {
    this.machine = machine;
  }

  private VirtualClock clock() throws QmpException {
    if (machine.virtualClock() instanceof VirtualClock clock) {
      return clock;
    }
    throw QmpException.generic("There is no test clock: start the server with -accel qtest");
  }

  TestClockTime step(Optional<Long> ns) throws QmpException {
    VirtualClock clock = clock();
    long step = ns.isPresent() ? ns.get() : clock.untilNextTimer();
    if (ns.isPresent() && step < 0) {
      throw QmpException.generic("The test clock does not go back");
    }
    return move(clock, clock.monotonicNanos() + Math.max(0, step));
  }

  TestClockTime set(long ns) throws QmpException {
    VirtualClock clock = clock();
    if (ns < clock.monotonicNanos()) {
      throw QmpException.generic("The test clock does not go back");
    }
    return move(clock, ns);
  }

  private TestClockTime move(VirtualClock clock, long destination) throws QmpException {
    long reached = clock.moveAllTheWay(destination, () -> machine.lane().pollWhile(clock::isHeld));
    if (reached < destination) {
      throw QmpException.generic("The test clock stands still while the machine does not run");
    }
    return time(clock);
  }

  TestClockTime query() throws QmpException {
    return time(clock());
  }

  private static TestClockTime time(VirtualClock clock) {
    long wait = clock.untilNextTimer();
    return new TestClockTime(
        clock.monotonicNanos(),
        wait < 0 ? Optional.empty() : Optional.of(clock.monotonicNanos() + wait));
  }
}
