// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.control;

import org.qblockd.machine.RunStates;
import org.qblockd.qapi.commands.RunStateCommands;
import org.qblockd.qapi.types.SetActionArguments;
import org.qblockd.qapi.types.StatusInfo;
import org.qblockd.qapi.types.WatchdogAction;

/** The commands of {@code run-state.json}. Control lane. */
public final class RunStateVerbs implements RunStateCommands {
  private final RunStates states;

  /** The commands for this run state. */
  public RunStateVerbs(RunStates states) {
    this.states = states;
  }

  @Override
  public StatusInfo queryStatus() {
    return new StatusInfo(states.running(), states.state());
  }

  @Override
  public void watchdogSetAction(WatchdogAction action) {
    states.actions().setWatchdog(action);
  }

  @Override
  public void setAction(SetActionArguments arguments) {
    arguments.reboot().ifPresent(states.actions()::setReboot);
    arguments.shutdown().ifPresent(states.actions()::setShutdown);
    arguments.panic().ifPresent(states.actions()::setPanic);
    arguments.watchdog().ifPresent(states.actions()::setWatchdog);
  }
}
