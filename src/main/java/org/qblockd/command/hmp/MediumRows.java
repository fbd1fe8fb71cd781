// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.machine.Machine;
import org.qblockd.machine.drive.Drive;
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
            "[-n] [[<domain>:]<bus>:]<slot>\n"
                + "[file=file][,if=type][,bus=n]\n"
                + "[,unit=m][,media=d][,index=i]\n"
                + "[,snapshot=on|off][,cache=on|off]\n"
                + "[,readonly=on|off][,copy-on-read=on|off]",
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
      return;
    }
    BlockBackend backend = machine.graph().backend(id);
    if (backend == null) {
      throw QmpException.generic("Device '" + id + "' not found");
    }
    Drive drive = machine.drives().of(backend);
    if (backend.node() != null) {
      backend.node().checkOp(BlockOp.DRIVE_DEL);
    }
    backend.remove();
    backend.forgetName();
    if (drive != null && drive.user() != null) {
      return;
    }
    if (drive != null) {
      machine.drives().remove(drive);
    }
    backend.close();
  }

  /** Only nodes: drives need the options of -drive, which belong to the start. */
  private void add(HmpCall call) {
    List<String> warnings = new ArrayList<>();
    try {
      OptsParser.Parsed parsed =
          OptsParser.acceptingAny(null).parse(call.text("opts"), warnings::add);
      Map<String, String> texts = new LinkedHashMap<>();
      parsed.options().forEach(option -> texts.put(option.name(), option.value()));
      if (!call.has("n")) {
        throw QmpException.generic("drives cannot be added here; use -n and a device");
      }
      if (!texts.containsKey("node-name")) {
        throw QmpException.generic("'node-name' needs to be specified");
      }
      BlockNode node = machine.opener().open(null, OptionMap.ofTexts(texts));
      node.setMonitorOwned(true);
    } catch (QmpException refused) {
      warnings.add(refused.text());
    } catch (BlockException refused) {
      warnings.add(refused.message());
    }
    warnings.forEach(line -> call.print(line + "\n"));
  }
}
