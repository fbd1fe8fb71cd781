// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.app.commandline.CommandLine;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.MachineType;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.machine.Machine;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveInterface;
import org.qblockd.machine.drive.DriveOpening;
import org.qblockd.machine.drive.DriveOptions;
import org.qblockd.machine.drive.DriveReader;
import org.qblockd.machine.drive.DriveSpec;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockdevOptions;

/** Opens the nodes and drives of the command line. Main thread. */
final class DriveSetup {
  private final Core core;
  private final Machine machine;
  private final MachineType machineType;
  private final Messages messages;
  private final DriveReader reader;
  private final DriveOpening opening;
  private final List<Located<DriveSpec>> unplugged = new ArrayList<>();

  DriveSetup(Core core, MachineType machineType, Messages messages) {
    this.core = core;
    this.machine = core.machine();
    this.machineType = machineType;
    this.messages = messages;
    this.reader =
        machine.drives().reader(machineType.hasBuses() ? DriveInterface.IDE : DriveInterface.NONE);
    this.opening = new DriveOpening(machine.opener(), machine.drives(), machine.objects());
  }

  /** Opens all of them: first the nodes, then the drives. */
  void open(CommandLine line) throws CommandLineException, HelpException {
    for (Located<BlockdevOptions> blockdev : line.blockdevs()) {
      at(
          blockdev.location(),
          () -> {
            BlockNode unused = machine.opener().add(blockdev.value());
          });
    }
    for (Located<DriveOptions> drive : line.drives()) {
      open(drive);
    }
  }

  /** Refuses drives for which the machine has no place; after everything is open, as QEMU does. */
  void checkPlaces() throws CommandLineException {
    if (machineType.hasBuses()) {
      return;
    }
    for (Located<DriveSpec> drive : unplugged) {
      DriveSpec spec = drive.value();
      if (spec.type() != DriveInterface.VIRTIO) {
        throw new CommandLineException(
            drive.location(),
            "machine type does not support if="
                + spec.type().word()
                + ",bus="
                + spec.bus()
                + ",unit="
                + spec.unit());
      }
    }
  }

  /** Makes the devices that drives ask for: of the board's own controllers, or all others. */
  void plug(DeviceSetup devices, boolean ofBoard) throws CommandLineException {
    for (Located<DriveSpec> each : unplugged) {
      Drive drive = machine.drives().named(each.value().name());
      boolean virtio = each.value().type() == DriveInterface.VIRTIO;
      if (drive != null && drive.user() == null && virtio != ofBoard) {
        devices.plug(new Located<>(each.location(), drive));
      }
    }
  }

  private void open(Located<DriveOptions> drive) throws CommandLineException, HelpException {
    DriveSpec spec;
    messages.locate(drive.location());
    try {
      spec = reader.read(drive.value());
    } catch (QmpException e) {
      throw new CommandLineException(drive.location(), e);
    }
    if (spec.formatHelp()) {
      throw new HelpException(formats());
    }
    spec.warnings().forEach(messages::reportHere);
    at(
        drive.location(),
        () -> {
          Drive unused = opening.open(spec);
        });
    if (spec.type() != DriveInterface.NONE) {
      unplugged.add(new Located<>(drive.location(), spec));
    }
  }

  private String formats() {
    String names = String.join(" ", machine.opener().drivers().names());
    return "Supported formats: " + names + "\nSupported formats (read-only): " + names;
  }

  private void at(String location, Core.LaneAction action) throws CommandLineException {
    messages.locate(location);
    try {
      core.onLane(action);
    } catch (BlockException e) {
      throw new CommandLineException(location, e);
    }
  }
}
