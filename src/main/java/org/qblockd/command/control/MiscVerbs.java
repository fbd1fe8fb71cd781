// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.command.machine.CommandLineOptions;
import org.qblockd.command.machine.MachineQueries;
import org.qblockd.job.Job;
import org.qblockd.machine.Machine;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.object.IothreadObject;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.MiscCommands;
import org.qblockd.qapi.types.AddClientArguments;
import org.qblockd.qapi.types.AddfdInfo;
import org.qblockd.qapi.types.CommandLineOptionInfo;
import org.qblockd.qapi.types.FdsetInfo;
import org.qblockd.qapi.types.IOThreadInfo;
import org.qblockd.qapi.types.NameInfo;
import org.qblockd.storage.Descriptors;

/** The commands of {@code misc.json}. Control lane. */
public final class MiscVerbs implements MiscCommands {
  private final Machine machine;
  private final UnaryOperator<String> humanMonitor;
  private final DescriptorCommands descriptors;

  /**
   * The commands for this machine.
   *
   * @param humanMonitor runs a line of the human monitor and returns what it shows
   */
  public MiscVerbs(Machine machine, UnaryOperator<String> humanMonitor) {
    this.machine = machine;
    this.humanMonitor = humanMonitor;
    descriptors = new DescriptorCommands(machine.fdSets());
  }

  @Override
  public NameInfo queryName() {
    return new NameInfo(machine.name());
  }

  @Override
  public List<IOThreadInfo> queryIothreads() {
    List<IOThreadInfo> infos = new ArrayList<>();
    for (IothreadObject thread : machine.objects().all(IothreadObject.class)) {
      infos.add(thread.info());
    }
    return infos;
  }

  @Override
  public void stop() {
    machine.runStates().pause();
  }

  /** Also forgets the I/O errors of jobs, as QEMU does. */
  @Override
  public void cont() throws QmpException {
    machine.runStates().checkContinuable();
    for (Drive drive : machine.drives().all()) {
      drive.resetIoStatus();
    }
    for (Job job : machine.jobs().all()) {
      if (job instanceof BlockJob blockJob) {
        blockJob.resetIoStatus();
      }
    }
    machine.runStates().resume();
  }

  @Override
  public void xExitPreconfig() throws QmpException {
    throw QmpException.generic("The command is permitted only before machine initialization");
  }

  @Override
  public void addClient(AddClientArguments arguments) throws QmpException {
    Descriptors.close(DescriptorCommands.socket(arguments.fdname()));
    switch (arguments.protocol()) {
      // Without a display, QEMU drops the client in silence.
      case "vnc" -> {}
      case "spice" -> throw QmpException.generic("SPICE is not in use");
      case "@dbus-display" -> throw QmpException.generic("D-Bus display is not in use");
      default -> throw QmpException.generic("protocol '" + arguments.protocol() + "' is invalid");
    }
  }

  @Override
  public void getfd(String fdname) throws QmpException {
    descriptors.getfd(fdname);
  }

  @Override
  public void closefd(String fdname) throws QmpException {
    descriptors.closefd(fdname);
  }

  @Override
  public AddfdInfo addFd(Optional<Long> fdsetId, Optional<String> opaque) throws QmpException {
    return descriptors.addFd(fdsetId, opaque);
  }

  @Override
  public void removeFd(long fdsetId, Optional<Long> fd) throws QmpException {
    descriptors.removeFd(fdsetId, fd);
  }

  @Override
  public List<FdsetInfo> queryFdsets() {
    return descriptors.queryFdsets();
  }

  @Override
  public List<CommandLineOptionInfo> queryCommandLineOptions(Optional<String> option)
      throws QmpException {
    return option.isPresent() ? CommandLineOptions.named(option.get()) : CommandLineOptions.all();
  }

  @Override
  public String humanMonitorCommand(String commandLine, Optional<Long> cpuIndex)
      throws QmpException {
    if (cpuIndex.isPresent() && !isCpu(cpuIndex.get())) {
      throw QmpException.generic("Parameter 'cpu-index' expects a CPU number");
    }
    return humanMonitor.apply(commandLine);
  }

  /** Which CPU a line is about makes no difference, but it must be there. */
  private boolean isCpu(long index) {
    return new MachineQueries(machine)
        .queryCpusFast().stream().anyMatch(cpu -> cpu.cpuIndex() == index);
  }
}
