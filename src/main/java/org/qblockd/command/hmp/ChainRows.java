// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.Chains;
import org.qblockd.blockjob.commit.DirectCommit;
import org.qblockd.machine.Machine;
import org.qblockd.machine.Nodes;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.BlockStreamArguments;

/** The human commands that move data along a backing chain. Control lane. */
final class ChainRows {
  private final Machine machine;

  private ChainRows(Machine machine) {
    this.machine = machine;
  }

  static List<HmpCommand> rows(QmpGroups qmp, Machine machine) {
    ChainRows rows = new ChainRows(machine);
    return List.of(
        new HmpCommand(
            "block_stream",
            "device:B speed?:o base?:s",
            "device [speed [base]]",
            "let an image take over what its backing files hold",
            call -> stream(qmp, call)),
        new HmpCommand(
            "commit",
            "device:B",
            "device|all",
            "write what a drive's image holds into its backing file, or for all drives",
            rows::commit));
  }

  private static void stream(QmpGroups qmp, HmpCall call) throws QmpException, BlockException {
    String device = call.text("device");
    qmp.blockCore()
        .blockStream(
            BlockStreamArguments.builder()
                .jobId(Optional.of(device))
                .device(device)
                .base(call.optionalText("base"))
                .speed(call.optionalNumber("speed"))
                .build());
  }

  private void commit(HmpCall call) {
    String device = call.text("device");
    try {
      if (device.equals("all")) {
        commitAll();
      } else {
        commit(call, device);
      }
    } catch (BlockException failed) {
      call.print("'commit' error for '" + device + "': " + failed.errno().text() + "\n");
    }
  }

  private void commit(HmpCall call, String device) throws BlockException {
    BlockBackend backend = machine.graph().backend(device);
    if (backend == null) {
      call.print("Device '" + device + "' not found\n");
      return;
    }
    BlockNode node = backend.node();
    if (node == null || node.ejected()) {
      call.print("Device '" + device + "' has no medium\n");
      return;
    }
    DirectCommit.run(machine.graph(), Nodes.skipImplicit(node));
  }

  private void commitAll() throws BlockException {
    for (BlockBackend backend : machine.graph().backends()) {
      BlockNode node = backend.node();
      if (node == null || node.ejected()) {
        continue;
      }
      BlockNode image = Chains.skipFilters(node);
      if (image.backing() != null) {
        DirectCommit.run(machine.graph(), image);
      }
    }
  }
}
