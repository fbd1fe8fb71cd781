// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import java.util.Optional;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.ProcessOptions;
import org.qblockd.app.commandline.ProcessOptions.Descriptor;
import org.qblockd.base.BlockException;
import org.qblockd.machine.GuestActions;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.types.PanicAction;
import org.qblockd.qapi.types.RebootAction;
import org.qblockd.qapi.types.ShutdownAction;
import org.qblockd.qapi.types.WatchdogAction;
import org.qblockd.storage.FdSets;

/**
 * Gives the machine what -add-fd and -action say; {@link EarlyChecks} has checked the words. Main
 * thread.
 */
final class StartState {
  private StartState() {}

  static void apply(ProcessOptions process, Machine machine) throws CommandLineException {
    if (!process.descriptors().isEmpty()) {
      inherit(process.descriptors(), machine.fdSets());
    }
    if (!process.actions().isEmpty()) {
      for (Located<List<String>> action : process.actions()) {
        set(machine.runStates().actions(), action.value().getFirst(), action.value().getLast());
      }
    }
  }

  private static void inherit(List<Located<Descriptor>> descriptors, FdSets sets)
      throws CommandLineException {
    for (Located<Descriptor> located : descriptors) {
      Descriptor descriptor = located.value();
      try {
        sets.inherit(descriptor.set(), descriptor.fd(), Optional.ofNullable(descriptor.opaque()));
      } catch (BlockException e) {
        throw new CommandLineException(located.location(), e);
      }
    }
    sets.closeInherited();
  }

  private static void set(GuestActions actions, String event, String word) {
    RebootAction reboot = RebootAction.fromWire(word);
    ShutdownAction shutdown = ShutdownAction.fromWire(word);
    PanicAction panic = PanicAction.fromWire(word);
    WatchdogAction watchdog = WatchdogAction.fromWire(word);
    if (event.equals("reboot") && reboot != null) {
      actions.setReboot(reboot);
    } else if (event.equals("shutdown") && shutdown != null) {
      actions.setShutdown(shutdown);
    } else if (event.equals("panic") && panic != null) {
      actions.setPanic(panic);
    } else if (event.equals("watchdog") && watchdog != null) {
      actions.setWatchdog(watchdog);
    } else {
      throw new IllegalStateException("unchecked action " + event + "=" + word);
    }
  }
}
