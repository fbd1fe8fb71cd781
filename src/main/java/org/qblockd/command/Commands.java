// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command;

import java.io.PrintStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.command.block.BlockCommands;
import org.qblockd.command.block.DeviceCommands;
import org.qblockd.command.chardev.CharDeviceCommands;
import org.qblockd.command.control.MiscVerbs;
import org.qblockd.command.control.MonitorCommands;
import org.qblockd.command.control.RunStateVerbs;
import org.qblockd.command.control.YankVerbs;
import org.qblockd.command.export.ExportCommands;
import org.qblockd.command.hmp.CharDeviceText;
import org.qblockd.command.hmp.Hmp;
import org.qblockd.command.hmp.HmpCommands;
import org.qblockd.command.hmp.QmpGroups;
import org.qblockd.command.job.JobVerbs;
import org.qblockd.command.machine.AbsentDevices;
import org.qblockd.command.machine.CpuModels;
import org.qblockd.command.machine.DisplayCommands;
import org.qblockd.command.machine.GuestTools;
import org.qblockd.command.machine.HostFeatures;
import org.qblockd.command.machine.MachineQueries;
import org.qblockd.command.migration.MigrationVerbs;
import org.qblockd.command.net.NetworkCommands;
import org.qblockd.command.object.UserObjectCommands;
import org.qblockd.command.qemuio.Io;
import org.qblockd.command.qemuio.QemuIo;
import org.qblockd.command.qom.ObjectCommands;
import org.qblockd.command.qom.PlugCommands;
import org.qblockd.command.replication.ReplicationVerbs;
import org.qblockd.command.testing.TestingVerbs;
import org.qblockd.machine.Machine;
import org.qblockd.machine.migration.Migration;
import org.qblockd.monitor.hmp.HumanInterpreter;
import org.qblockd.qapi.Introspection;
import org.qblockd.qapi.Release;
import org.qblockd.qapi.commands.AcpiCommands;
import org.qblockd.qapi.commands.BlockCoreCommands;
import org.qblockd.qapi.commands.BlockExportCommands;
import org.qblockd.qapi.commands.CharCommands;
import org.qblockd.qapi.commands.CommandDispatcher;
import org.qblockd.qapi.commands.ControlCommands;
import org.qblockd.qapi.commands.CryptodevCommands;
import org.qblockd.qapi.commands.DumpCommands;
import org.qblockd.qapi.commands.IntrospectCommands;
import org.qblockd.qapi.commands.JobCommands;
import org.qblockd.qapi.commands.MachineCommands;
import org.qblockd.qapi.commands.MachineTargetCommands;
import org.qblockd.qapi.commands.MigrationCommands;
import org.qblockd.qapi.commands.MiscCommands;
import org.qblockd.qapi.commands.MiscTargetCommands;
import org.qblockd.qapi.commands.NetCommands;
import org.qblockd.qapi.commands.QdevCommands;
import org.qblockd.qapi.commands.QomCommands;
import org.qblockd.qapi.commands.QomObjectsCommands;
import org.qblockd.qapi.commands.ReplayCommands;
import org.qblockd.qapi.commands.RockerCommands;
import org.qblockd.qapi.commands.RunStateCommands;
import org.qblockd.qapi.commands.TestingCommands;
import org.qblockd.qapi.commands.TpmCommands;
import org.qblockd.qapi.commands.TransactionCommands;
import org.qblockd.qapi.commands.UiCommands;
import org.qblockd.qapi.commands.YankCommands;

/** All QMP commands of the server; each group is made when it is first used. Control lane. */
public final class Commands extends CommandDispatcher implements QmpGroups {
  private final Machine machine;
  private final Migration migration;
  private final PrintStream out;
  private final PrintStream err;
  private final Supplier<CharDeviceText> typedDevices;
  private final boolean storageDaemon;
  private final @Nullable Release release;
  private @Nullable BlockCommands block;
  private @Nullable MachineQueries machineQueries;
  private @Nullable Hmp humanMonitor;

  /**
   * The commands of this machine.
   *
   * @param out the server's standard output, for qemu-io
   * @param err its standard error
   * @param typedDevices reads character devices as users type them; asked when first needed
   * @param storageDaemon whether this is qemu-storage-daemon
   * @param release the older release that is presented, or null
   */
  public Commands(
      Machine machine,
      Migration migration,
      PrintStream out,
      PrintStream err,
      Supplier<CharDeviceText> typedDevices,
      boolean storageDaemon,
      @Nullable Release release) {
    this.typedDevices = typedDevices;
    this.release = release;
    this.storageDaemon = storageDaemon;
    this.machine = machine;
    this.migration = migration;
    this.out = out;
    this.err = err;
  }

  @Override
  public RunStateCommands runState() {
    return new RunStateVerbs(machine.runStates());
  }

  @Override
  protected JobCommands job() {
    return new JobVerbs(machine.jobs());
  }

  @Override
  public BlockCoreCommands blockCore() {
    return blockCommands();
  }

  @Override
  protected TransactionCommands transaction() {
    return blockCommands().transactions();
  }

  private BlockCommands blockCommands() {
    BlockCommands current = block;
    if (current == null) {
      current = new BlockCommands(machine, out);
      block = current;
    }
    return current;
  }

  @Override
  public org.qblockd.qapi.commands.BlockCommands block() {
    return new DeviceCommands(machine);
  }

  @Override
  public BlockExportCommands blockExport() {
    return new ExportCommands(machine);
  }

  @Override
  public MachineCommands machine() {
    MachineQueries current = machineQueries;
    if (current == null) {
      current = new MachineQueries(machine);
      machineQueries = current;
    }
    return current;
  }

  @Override
  protected MachineTargetCommands machineTarget() {
    return new CpuModels();
  }

  @Override
  protected MiscTargetCommands miscTarget() {
    return new HostFeatures(machine.facts());
  }

  @Override
  protected AcpiCommands acpi() {
    return new GuestTools(machine.facts());
  }

  @Override
  protected DumpCommands dump() {
    return new GuestTools(machine.facts());
  }

  @Override
  protected ReplayCommands replay() {
    return new GuestTools(machine.facts());
  }

  @Override
  protected CryptodevCommands cryptodev() {
    return new AbsentDevices();
  }

  @Override
  public NetCommands net() {
    return new NetworkCommands(machine.nets());
  }

  @Override
  protected RockerCommands rocker() {
    return new AbsentDevices();
  }

  @Override
  public MigrationCommands migration() {
    return new MigrationVerbs(migration, new ReplicationVerbs(machine.replication()));
  }

  @Override
  protected TpmCommands tpm() {
    return new AbsentDevices();
  }

  @Override
  public UiCommands ui() {
    return new DisplayCommands(machine);
  }

  @Override
  protected YankCommands yank() {
    return new YankVerbs(machine.yanks());
  }

  @Override
  public CharCommands char_() {
    return new CharDeviceCommands(machine.charDevices());
  }

  @Override
  public ControlCommands control() {
    return new MonitorCommands(machine, storageDaemon, release);
  }

  @Override
  protected IntrospectCommands introspect() {
    if (release != null) {
      return release::schema;
    }
    return storageDaemon ? Introspection::storageDaemonSchema : Introspection::schema;
  }

  @Override
  public QomCommands qom() {
    return new ObjectCommands(machine.tree());
  }

  @Override
  public QomObjectsCommands qomObjects() {
    return new UserObjectCommands(machine.objects());
  }

  @Override
  protected QdevCommands qdev() {
    return new PlugCommands(machine.devices());
  }

  @Override
  protected TestingCommands testing() {
    return new TestingVerbs(machine);
  }

  @Override
  public MiscCommands misc() {
    return new MiscVerbs(machine, line -> humanMonitor().run(line));
  }

  /** What the lines of human monitors mean. */
  public HumanInterpreter humanMonitor() {
    Hmp current = humanMonitor;
    if (current == null) {
      Io io = new Io(machine.lane(), out, err, machine.clock(), new TestMoment(machine));
      current =
          HmpCommands.interpreter(
              this, machine, new QemuIo(machine.opener(), io), typedDevices.get(), out);
      humanMonitor = current;
    }
    return current;
  }
}
