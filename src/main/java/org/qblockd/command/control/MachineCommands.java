// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.control;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.qblockd.base.BlockException;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.job.Job;
import org.qblockd.machine.Machine;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.MiscCommands;
import org.qblockd.qapi.types.NameInfo;
import org.qblockd.qapi.types.RunState;

/** The commands of {@code misc.json}. Control lane. */
public final class MachineCommands implements MiscCommands {
  private final Machine machine;
  private final UnaryOperator<String> humanMonitor;

  /**
   * The commands for this machine.
   *
   * @param humanMonitor runs a line of the human monitor and returns what it shows
   */
  public MachineCommands(Machine machine, UnaryOperator<String> humanMonitor) {
    this.machine = machine;
    this.humanMonitor = humanMonitor;
  }

  @Override
  public NameInfo queryName() {
    return new NameInfo(machine.name());
  }

  @Override
  public void stop() throws BlockException {
    machine.runStates().stop(RunState.PAUSED);
  }

  /** Also forgets the I/O errors of jobs, as QEMU does. */
  @Override
  public void cont() {
    for (Job job : machine.jobs().all()) {
      if (job instanceof BlockJob blockJob) {
        blockJob.resetIoStatus();
      }
    }
    machine.runStates().resume();
  }

  @Override
  public String humanMonitorCommand(String commandLine, Optional<Long> cpuIndex)
      throws QmpException {
    if (cpuIndex.isPresent()) {
      throw QmpException.generic("Parameter 'cpu-index' expects a CPU number");
    }
    return humanMonitor.apply(commandLine);
  }
}
