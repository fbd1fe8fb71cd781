// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.machine.Machine;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveInterface;
import org.qblockd.machine.drive.DriveOpening;
import org.qblockd.machine.drive.DriveOptions;
import org.qblockd.machine.drive.DriveSpec;
import org.qblockd.qapi.OptsParser;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;
import org.qblockd.qapi.types.BlockdevChangeMediumArguments;
import org.qblockd.qapi.types.BlockdevChangeReadOnlyMode;

/** The human commands that bring drives and their media, and take them away. Control lane. */
final class MediumRows {
  private final QmpGroups qmp;
  private final Machine machine;

  private MediumRows(QmpGroups qmp, Machine machine) {
    this.qmp = qmp;
    this.machine = machine;
  }

  static List<HmpCommand> rows(QmpGroups qmp, Machine machine) {
    MediumRows rows = new MediumRows(qmp, machine);
    return List.of(
        new HmpCommand(
            "change",
            "device:B -f target:F arg?:s read-only-mode?:s",
            "device [-f] filename [format [read-only-mode]]",
            "put another medium into a drive (-f: even when the guest has locked it)",
            rows::change),
        new HmpCommand(
            "drive_add",
            "-n pci_addr:s opts:s",
            """
            [-n] [[<domain>:]<bus>:]<slot>
            [file=file][,if=type][,bus=n]
            [,unit=m][,media=d][,index=i]
            [,snapshot=on|off][,cache=on|off]
            [,readonly=on|off][,copy-on-read=on|off]\
            """,
            "add a drive (-n: a node)",
            rows::add),
        new HmpCommand("drive_del", "id:B", "device", "take a drive or a node away", rows::remove),
        new HmpCommand(
            "eject",
            "-f device:B",
            "[-f] device",
            "take the medium out of a drive (-f: even when the guest has locked it)",
            call ->
                qmp.block()
                    .eject(Optional.of(call.text("device")), Optional.empty(), call.flag("f"))));
  }

  private void change(HmpCall call) throws QmpException, BlockException {
    String device = call.text("device");
    Optional<BlockdevChangeReadOnlyMode> mode = readOnlyMode(call);
    if (device.equals("vnc")) {
      changePassword(call, mode.isPresent());
      return;
    }
    qmp.block()
        .blockdevChangeMedium(
            BlockdevChangeMediumArguments.builder()
                .device(Optional.of(device))
                .filename(call.text("target"))
                .format(call.optionalText("arg"))
                .force(call.flag("f"))
                .readOnlyMode(mode)
                .build());
  }

  private static Optional<BlockdevChangeReadOnlyMode> readOnlyMode(HmpCall call)
      throws QmpException {
    Optional<String> word = call.optionalText("read-only-mode");
    if (word.isEmpty()) {
      return Optional.empty();
    }
    for (BlockdevChangeReadOnlyMode mode : BlockdevChangeReadOnlyMode.values()) {
      if (mode.wireName().equals(word.get())) {
        return Optional.of(mode);
      }
    }
    throw QmpException.generic("invalid parameter value: " + word.get());
  }

  private static void changePassword(HmpCall call, boolean mode) throws QmpException {
    if (mode) {
      throw QmpException.generic("Parameter 'read-only-mode' is invalid for VNC");
    }
    String target = call.text("target");
    if (!target.equals("passwd") && !target.equals("password")) {
      throw QmpException.generic("Expected 'password' after 'vnc'");
    }
    if (call.has("arg")) {
      throw QmpException.generic("Could not set password");
    }
    call.print("terminal does not support password prompting\n");
  }

  /** A drive that a device has stays, empty and nameless, until the device goes. */
  private void remove(HmpCall call) {
    try {
      remove(call.text("id"));
    } catch (QmpException refused) {
      call.print(refused.text() + "\n");
    } catch (BlockException refused) {
      call.print(refused.message() + "\n");
    }
  }

  private void remove(String id) throws QmpException, BlockException {
    if (machine.graph().node(id) != null) {
      qmp.blockCore().blockdevDel(id);
    } else {
      new DriveOpening(machine.opener(), machine.drives(), machine.objects()).delete(id);
    }
  }

  private void add(HmpCall call) {
    try {
      OptsParser.Parsed parsed =
          DriveOptions.PARSER.parse(call.text("opts"), line -> call.print(line + "\n"));
      if (call.has("n")) {
        addNode(parsed);
      } else {
        addDrive(call, DriveOptions.of(parsed));
      }
    } catch (QmpException refused) {
      call.print(refused.text() + "\n");
    } catch (BlockException refused) {
      call.print(refused.message() + "\n" + Hmp.hint(refused.hint()));
    }
  }

  private void addNode(OptsParser.Parsed parsed) throws QmpException, BlockException {
    Map<String, String> texts = new LinkedHashMap<>();
    parsed.options().forEach(option -> texts.put(option.name(), option.value()));
    if (!texts.containsKey("node-name")) {
      throw QmpException.generic("'node-name' needs to be specified");
    }
    BlockNode node = machine.opener().open(null, OptionMap.ofTexts(texts));
    node.setMonitorOwned(true);
  }

  /** A drive that wants to be a device of its own is opened, and closed again, as in QEMU. */
  private void addDrive(HmpCall call, DriveOptions options) throws QmpException, BlockException {
    String id = options.id();
    if (id != null && machine.drives().named(id) != null) {
      throw QmpException.generic("Duplicate ID '" + id + "' for drive");
    }
    DriveSpec spec = machine.drives().reader(DriveInterface.NONE).read(options);
    DriveOpening opening = new DriveOpening(machine.opener(), machine.drives(), machine.objects());
    spec.warnings().forEach(line -> call.print(line + "\n"));
    Drive drive = opening.open(spec);
    if (spec.type() == DriveInterface.NONE) {
      call.print("OK\n");
      return;
    }
    opening.deviceGone(drive);
    throw QmpException.generic("Can't hot-add drive to type " + number(spec.type()));
  }

  /** The number by which QEMU calls it. */
  private static int number(DriveInterface type) {
    return List.of("none", "ide", "scsi", "floppy", "pflash", "mtd", "sd", "virtio", "xen")
        .indexOf(type.word());
  }
}
