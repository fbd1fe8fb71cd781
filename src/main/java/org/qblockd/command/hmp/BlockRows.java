// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.command.qemuio.QemuIo;
import org.qblockd.machine.Machine;
import org.qblockd.machine.device.BlockUse;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockIOThrottle;

/** The human commands on drives and nodes. Control lane. */
final class BlockRows {
  private final Machine machine;
  private final QemuIo qemuIo;

  private BlockRows(Machine machine, QemuIo qemuIo) {
    this.machine = machine;
    this.qemuIo = qemuIo;
  }

  static List<HmpCommand> rows(QmpGroups qmp, Machine machine, QemuIo qemuIo) {
    BlockRows rows = new BlockRows(machine, qemuIo);
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
            "block_set_io_throttle",
            "device:B bps:l bps_rd:l bps_wr:l iops:l iops_rd:l iops_wr:l",
            "device bps bps_rd bps_wr iops iops_rd iops_wr",
            "limit the requests and bytes of a drive in a second",
            call ->
                qmp.block()
                    .blockSetIoThrottle(
                        BlockIOThrottle.builder()
                            .device(Optional.of(call.text("device")))
                            .bps(call.number("bps"))
                            .bpsRd(call.number("bps_rd"))
                            .bpsWr(call.number("bps_wr"))
                            .iops(call.number("iops"))
                            .iopsRd(call.number("iops_rd"))
                            .iopsWr(call.number("iops_wr"))
                            .build())),
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
      BlockUse use = machine.devices().find(device).blockUse();
      if (use == null) {
        throw QmpException.generic("Device does not have a block device backend");
      }
      call.print(qemuIo.run(use.drive().backend(), call.text("command")));
      return;
    }
    call.print(qemuIo.runOn(device, call.text("command")));
  }
}
