// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.app.commandline.CommandLine;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.GuestOptions;
import org.qblockd.app.commandline.HelpException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.MachineType;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.machine.Machine;
import org.qblockd.machine.device.Devices;
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
  /** Where a PC has its disc drive. */
  private static final int DISC_INDEX = 2;

  private final Core core;
  private final Machine machine;
  private final MachineType machineType;
  private final Messages messages;
  private final DriveReader reader;
  private final DriveOpening opening;
  private final List<Located<DriveSpec>> unplugged = new ArrayList<>();
  private boolean forced;
  private boolean byItself;

  DriveSetup(Core core, MachineType machineType, Messages messages) {
    this.core = core;
    this.machine = core.machine();
    this.machineType = machineType;
    this.messages = messages;
    this.reader =
        machine
            .drives()
            .reader(
                machineType.hasBuses() ? DriveInterface.IDE : DriveInterface.NONE,
                machineType.isQ35() ? 1 : 2);
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
    boolean given = !unplugged.isEmpty();
    openDefaults(line.guest());
    // They may be wrong for a device of the board.
    forced = given || !line.guest().globals().isEmpty();
  }

  /** Drives without a medium that a PC has by itself, where nothing else is in their place. */
  private void openDefaults(GuestOptions guest) throws CommandLineException, HelpException {
    if (guest.hasDefaultDisc() && !reader.isTaken(DriveInterface.IDE, DISC_INDEX)) {
      openDefault("index", Integer.toString(DISC_INDEX), "media", "cdrom");
    }
    if (guest.hasDefaultFloppy() && !reader.isTaken(DriveInterface.FLOPPY, 0)) {
      openDefault("if", "floppy", "index", "0");
    }
  }

  private void openDefault(String... keysAndValues) throws CommandLineException, HelpException {
    open(new Located<>("", DriveOptions.withoutFile(keysAndValues)));
    byItself = true;
  }

  /** Has the machine's own drives plugged in: at once if they may be refused, or when asked for. */
  void plugIn(Devices devices) throws CommandLineException {
    if (forced) {
      List<QmpException> refused = new ArrayList<>(0);
      at(
          "",
          () -> {
            try {
              devices.build();
            } catch (QmpException e) {
              refused.add(e);
            }
          });
      if (!refused.isEmpty()) {
        throw new CommandLineException("", refused.getFirst());
      }
    } else if (byItself) {
      machine.drives().onFirstUse(devices);
    }
  }

  /** Refuses drives for which the machine has no place; after everything is open, as QEMU does. */
  void checkPlaces() throws CommandLineException {
    if (!forced) {
      return;
    }
    for (Located<DriveSpec> drive : unplugged) {
      DriveSpec spec = drive.value();
      if (isLeftOver(spec)) {
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

  /** Nobody has taken it, and nobody will; firmware in flash memory has no effect here. */
  private boolean isLeftOver(DriveSpec spec) {
    DriveInterface type = spec.type();
    if (type == DriveInterface.VIRTIO || type == DriveInterface.XEN) {
      return false;
    }
    if (type == DriveInterface.PFLASH && machineType.hasBuses()) {
      return false;
    }
    Drive drive = machine.drives().named(spec.name());
    return drive != null && drive.user() == null;
  }

  /** Makes the devices of drives that are on no controller of the board. */
  void plug(DeviceSetup devices) throws CommandLineException {
    if (!forced) {
      return;
    }
    for (Located<DriveSpec> each : unplugged) {
      Drive drive = machine.drives().named(each.value().name());
      DriveInterface type = each.value().type();
      boolean wanted = type == DriveInterface.VIRTIO || type == DriveInterface.XEN;
      if (drive != null && drive.user() == null && wanted) {
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
