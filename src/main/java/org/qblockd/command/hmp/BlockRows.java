// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.command.qemuio.QemuIo;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;

/** The human commands on drives and nodes. Control lane. */
final class BlockRows {
  private final QemuIo qemuIo;

  private BlockRows(QemuIo qemuIo) {
    this.qemuIo = qemuIo;
  }

  static List<HmpCommand> rows(QmpGroups qmp, QemuIo qemuIo) {
    BlockRows rows = new BlockRows(qemuIo);
    return List.of(
        new HmpCommand(
            "block_resize",
            "device:B size:o",
            "device size",
            "give a drive another size",
            call ->
                qmp.blockCore()
                    .blockResize(
                        Optional.of(call.text("device")), Optional.empty(), call.number("size"))),
        new HmpCommand(
            "qemu-io",
            "-d device:B command:s",
            "[-d] [device] \"[command]\"",
            "run a command of qemu-io on a drive or node\n"
                + "\t\t\t(-d: device is the path or ID of a device)",
            rows::runQemuIo));
  }

  private void runQemuIo(HmpCall call) throws QmpException, BlockException {
    String device = call.text("device");
    if (call.has("d")) {
      boolean path = device.startsWith("/machine") || device.equals("/");
      throw new QmpException(
          ErrorClass.DEVICE_NOT_FOUND,
          path ? device + " is not a device" : "Device '" + device + "' not found");
    }
    call.print(qemuIo.runOn(device, call.text("command")));
  }
}
