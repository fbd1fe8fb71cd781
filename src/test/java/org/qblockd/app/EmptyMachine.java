// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.Optional;
import org.qblockd.machine.Machine;
import org.qblockd.machine.MachineFacts;
import org.qblockd.machine.migration.Migration;
import org.qblockd.qapi.types.RunState;

/** A machine without anything, for tests that put parts of their own in. Any thread. */
public record EmptyMachine(Machine machine, Migration migration) {
  /** A new one. */
  public static EmptyMachine create() {
    Core core =
        Core.create(
            new Core.Setup(
                Optional.empty(),
                RunState.PRELAUNCH,
                MachineFacts.ofType("none"),
                Core.TestClock.NONE,
                false,
                "test",
                null),
            new Messages("test"));
    return new EmptyMachine(core.machine(), core.migration());
  }
}
