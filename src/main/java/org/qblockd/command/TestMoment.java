// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command;

import org.qblockd.base.Clock;
import org.qblockd.base.VirtualClock;
import org.qblockd.command.qemuio.Io;
import org.qblockd.machine.Machine;

/** What requests of qemu-io mean to the clock of a machine under test. Control lane. */
final class TestMoment implements Io.Moment {
  private static final Clock.Hold NOTHING = () -> {};

  private final Machine machine;

  TestMoment(Machine machine) {
    this.machine = machine;
  }

  /** While a command waits no other one can move the clock, so limits do not count. */
  @Override
  public void waits(boolean begins) {
    if (machine.underTest()) {
      machine.objects().throttleGroups().suspend(begins);
    }
  }

  @Override
  public Clock.Hold begins() {
    return machine.virtualClock() instanceof VirtualClock test ? test.work() : NOTHING;
  }
}
