// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.qblockd.command.qemuio.QemuIo;
import org.qblockd.machine.Machine;

/** All commands of the human monitor. Control lane. */
public final class HmpCommands {
  private HmpCommands() {}

  /**
   * An interpreter with all commands.
   *
   * @param qmp the QMP commands that they stand for
   * @param typed reads character devices as users type them
   * @param out the server's standard output
   */
  public static Hmp interpreter(
      QmpGroups qmp, Machine machine, QemuIo qemuIo, CharDeviceText typed, PrintStream out) {
    List<HmpCommand> commands = new ArrayList<>();
    commands.addAll(MachineRows.rows(qmp));
    commands.addAll(SystemRows.rows(qmp));
    commands.addAll(CharRows.rows(qmp, machine.charDevices()));
    commands.addAll(TypedDeviceRows.rows(machine.charDevices(), typed));
    commands.addAll(KeyRows.rows(qmp));
    commands.addAll(BlockRows.rows(qmp, machine, qemuIo));
    commands.addAll(DeviceRows.rows(machine));
    commands.addAll(JobRows.rows(qmp));
    commands.addAll(ChainRows.rows(qmp, machine));
    commands.addAll(SnapshotRows.rows(qmp));
    commands.addAll(ExportRows.rows(qmp));
    commands.addAll(MediumRows.rows(qmp, machine));
    commands.addAll(ObjectRows.rows(qmp, machine));
    commands.addAll(NetRows.rows(qmp, machine.nets()));
    commands.addAll(MigrationRows.rows(qmp));
    commands.addAll(NumberRows.rows());
    commands.addAll(GuestRows.rows());
    List<HmpCommand> infos = new ArrayList<>();
    infos.addAll(MachineRows.infos(qmp));
    infos.addAll(SystemRows.infos(qmp));
    infos.addAll(CharRows.infos(qmp, machine.charDevices()));
    infos.addAll(BlockInfos.rows(qmp));
    infos.addAll(ObjectRows.infos(qmp, machine));
    infos.addAll(NetRows.infos(machine.nets()));
    infos.addAll(MigrationRows.infos(qmp));
    infos.addAll(GuestInfoRows.rows());
    return new Hmp(
        out,
        new CommandList(commands),
        new CommandList(infos),
        new Completions(machine.graph(), out));
  }
}
