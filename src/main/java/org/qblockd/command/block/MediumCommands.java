// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.block;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.Child;
import org.qblockd.machine.Machine;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.MediumOptions;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevChangeMediumArguments;
import org.qblockd.qapi.types.BlockdevChangeReadOnlyMode;

/** Trays and media: {@code eject}, {@code blockdev-open-tray} and the like. Control lane. */
final class MediumCommands {
  /**
   * How a command names a drive; one of both is null.
   *
   * @param device the drive's name
   * @param id the id or path of its device
   */
  record Name(@Nullable String device, @Nullable String id) {
    static Name of(Optional<String> device, Optional<String> id) {
      return new Name(device.orElse(null), id.orElse(null));
    }

    @Override
    public String toString() {
      return "Device '" + shown() + "'";
    }

    String shown() {
      return String.valueOf(device != null ? device : id);
    }
  }

  /** What became of the wish to open a tray. */
  private enum Tray {
    OPEN,
    /** There is none: the medium can be taken at once. */
    NONE,
    /** The guest has been asked and has not answered. */
    LOCKED
  }

  private final Machine machine;

  MediumCommands(Machine machine) {
    this.machine = machine;
  }

  private Drive find(Name name) throws QmpException {
    return machine.drives().find(name.device(), name.id());
  }

  // ---- trays ----------------------------------------------------------------------------------

  void openTray(Name name, boolean force) throws QmpException, BlockException {
    Tray unused = open(name, force);
  }

  private Tray open(Name name, boolean force) throws QmpException, BlockException {
    Drive drive = find(name);
    checkRemovable(drive, name.toString());
    if (!drive.hasTray()) {
      return Tray.NONE;
    }
    if (drive.trayOpen()) {
      return Tray.OPEN;
    }
    boolean locked = drive.locked();
    if (locked) {
      drive.requestEject(force);
    }
    if (locked && !force) {
      return Tray.LOCKED;
    }
    drive.changeMedium(false);
    return Tray.OPEN;
  }

  void closeTray(Name name) throws QmpException, BlockException {
    Drive drive = find(name);
    checkRemovable(drive, name.toString());
    if (drive.hasTray() && drive.trayOpen()) {
      drive.changeMedium(true);
    }
  }

  private void openFor(Name name, boolean force) throws QmpException, BlockException {
    if (open(name, force) == Tray.LOCKED) {
      throw QmpException.generic(
          name + " is locked and force was not specified, wait for tray to open and try again");
    }
  }

  // ---- media ----------------------------------------------------------------------------------

  void eject(Name name, boolean force) throws QmpException, BlockException {
    openFor(name, force);
    remove(name);
  }

  void remove(Name name) throws QmpException, BlockException {
    Drive drive = find(name);
    checkRemovable(drive, name.toString());
    if (drive.hasTray() && !drive.trayOpen()) {
      throw QmpException.generic("Tray of device '" + name.shown() + "' is not open");
    }
    BlockBackend backend = drive.backend();
    BlockNode node = backend.node();
    if (node == null) {
      return;
    }
    node.checkOp(BlockOp.EJECT);
    drive.setNextMedium(MediumOptions.of(node));
    backend.remove();
    if (!drive.hasTray()) {
      // Nobody has opened anything, so the device does not know yet.
      drive.changeMedium(false);
    }
  }

  void insert(Name name, String nodeName) throws QmpException, BlockException {
    Drive drive = find(name);
    BlockNode node = machine.graph().node(nodeName);
    if (node == null) {
      throw QmpException.generic("Node '" + nodeName + "' not found");
    }
    if (hasBackend(node)) {
      throw QmpException.generic("Node '" + nodeName + "' is already in use");
    }
    insert(drive, node);
  }

  private static boolean hasBackend(BlockNode node) {
    for (Child parent : node.parents()) {
      if (parent.parent() instanceof BlockBackend) {
        return true;
      }
    }
    return false;
  }

  private static void insert(Drive drive, BlockNode node) throws QmpException, BlockException {
    checkRemovable(drive, "Device");
    if (drive.hasTray() && !drive.trayOpen()) {
      throw QmpException.generic("Tray of the device is not open");
    }
    BlockBackend backend = drive.backend();
    if (backend.node() != null) {
      throw QmpException.generic("There already is a medium in the device");
    }
    backend.insert(node);
    if (drive.hasTray()) {
      return;
    }
    try {
      drive.changeMedium(true);
    } catch (BlockException refused) {
      backend.remove();
      throw refused;
    }
  }

  void change(BlockdevChangeMediumArguments arguments) throws QmpException, BlockException {
    Name name = Name.of(arguments.device(), arguments.id());
    Drive drive = find(name);
    BlockNode old = drive.backend().node();
    if (old != null) {
      drive.setNextMedium(MediumOptions.of(old));
    }
    MediumOptions next = drive.nextMedium();
    OptionMap options =
        next.with(
            arguments.readOnlyMode().map(mode -> readOnly(mode, next)).orElse(next.readOnly()));
    arguments.format().ifPresent(format -> options.put("driver", format));
    BlockNode node = machine.opener().open(arguments.filename(), options);
    try {
      openFor(name, arguments.force().orElse(false));
      remove(name);
      insert(drive, node);
    } finally {
      machine.graph().closeIfUnused(node);
    }
    closeTray(name);
  }

  private static boolean readOnly(BlockdevChangeReadOnlyMode mode, MediumOptions next) {
    return switch (mode) {
      case RETAIN -> next.readOnly();
      case READ_ONLY -> true;
      case READ_WRITE -> false;
    };
  }

  private static void checkRemovable(Drive drive, String subject) throws QmpException {
    if (!drive.removable()) {
      throw QmpException.generic(subject + " is not removable");
    }
  }
}
