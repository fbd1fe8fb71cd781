// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.MuxKeys;
import org.qblockd.command.Commands;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.types.ShutdownCause;

/** What keys of a multiplexer do. The thread of a device; the work is done on the control lane. */
final class MuxCommands implements MuxKeys {
  private volatile @Nullable Machine machine;
  private volatile @Nullable Commands commands;

  /** The machine, once there is one: devices belong to it. */
  void bind(Machine served, Commands known) {
    machine = served;
    commands = known;
  }

  @Override
  public void quit() {
    Machine ending = machine;
    if (ending != null) {
      ending.lane().execute(() -> ending.shutdown().request(ShutdownCause.HOST_QMP_QUIT));
    }
  }

  @Override
  public void commitAll() {
    Machine committing = machine;
    Commands known = commands;
    if (committing != null && known != null) {
      committing
          .lane()
          .execute(() -> {
            // As in QEMU, nobody is told how it went.
            String unused = known.humanMonitor().run("commit all");
          });
    }
  }
}
