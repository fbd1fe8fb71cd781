// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.control;

import org.qblockd.machine.RunStates;
import org.qblockd.qapi.commands.RunStateCommands;
import org.qblockd.qapi.types.StatusInfo;

/** The commands of {@code run-state.json}. Control lane. */
public final class RunStateQueries implements RunStateCommands {
  private final RunStates states;

  /** The commands for this run state. */
  public RunStateQueries(RunStates states) {
    this.states = states;
  }

  @Override
  public StatusInfo queryStatus() {
    return new StatusInfo(states.running(), states.state());
  }
}
