// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.ChardevOptions;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.DaemonStep;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.MonitorOptions;
import org.qblockd.app.commandline.Traces;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.qapi.Keyval;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevOptions;

/** Follows the options of the storage daemon, one after another. Main thread. */
final class DaemonStart {
  private final Core core;
  private final Transports transports;
  private final Messages messages;

  DaemonStart(Core core, Transports transports, Messages messages) {
    this.core = core;
    this.transports = transports;
    this.messages = messages;
  }

  void open(List<Located<DaemonStep>> steps) throws CommandLineException, HelpException {
    for (Located<DaemonStep> step : steps) {
      messages.locate(step.location());
      try {
        take(step);
      } catch (QmpException e) {
        throw new CommandLineException(step.location(), e);
      } catch (BlockException e) {
        throw new CommandLineException(step.location(), e);
      }
    }
  }

  /** In the words of the storage daemon, which puts its devices straight into the tree. */
  private void refuseSecond(@Nullable String id) throws QmpException {
    if (id != null && core.machine().charDevices().find(id) != null) {
      throw QmpException.generic(
          "attempt to add duplicate property '" + id + "' to object (type 'container')");
    }
  }

  private void take(Located<DaemonStep> step)
      throws CommandLineException, HelpException, QmpException, BlockException {
    String argument = step.value().argument();
    switch (step.value().kind()) {
      case BLOCKDEV -> blockdev(argument);
      case CHARDEV -> {
        ChardevOptions chardev = ChardevOptions.read(argument, messages::reportHere);
        refuseSecond(chardev.id());
        transports.open(new Located<>(step.location(), chardev));
      }
      case MONITOR -> monitor(step.location(), argument);
      case OBJECT -> new ObjectSetup(core, messages).open(new Located<>(step.location(), argument));
      case TRACE -> Traces.check(argument);
      case NBD_SERVER -> new ExportSetup(core).startServer(argument);
      case EXPORT -> new ExportSetup(core).add(argument);
      case HELP -> throw new HelpException(argument);
      case UNEXPECTED -> throw new CommandLineException(step.location(), "Unexpected argument");
    }
  }

  private void monitor(String location, String argument) throws CommandLineException, QmpException {
    MonitorOptions monitor = MonitorOptions.ofDaemon(argument);
    transports.monitor(new Located<>(location, monitor), false);
  }

  private void blockdev(String argument) throws QmpException, BlockException {
    BlockdevOptions options = BlockdevOptions.decode(Keyval.visitor(argument, "driver"), null);
    core.onLane(() -> {
      BlockNode unused = core.machine().opener().add(options);
    });
  }
}
