// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import org.qblockd.base.BlockException;
import org.qblockd.command.export.ExportCommands;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockExportOptions;
import org.qblockd.qapi.types.NbdServerOptions;

/** Starts the NBD server and makes exports as the command line says. Main thread. */
final class ExportSetup {
  private final Core core;

  ExportSetup(Core core) {
    this.core = core;
  }

  void startServer(String argument) throws QmpException, BlockException {
    NbdServerOptions options = NbdServerOptions.decode(Keyval.visitor(argument, null), null);
    run(commands -> commands.start(options));
  }

  void add(String argument) throws QmpException, BlockException {
    BlockExportOptions options = BlockExportOptions.decode(Keyval.visitor(argument, "type"), null);
    run(commands -> commands.blockExportAdd(options));
  }

  private interface Step {
    void take(ExportCommands commands) throws QmpException, BlockException;
  }

  private void run(Step step) throws BlockException {
    core.onLane(() -> {
      try {
        step.take(new ExportCommands(core.machine()));
      } catch (QmpException e) {
        throw BlockException.invalid(String.valueOf(e.getMessage()));
      }
    });
  }
}
