// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.block.ReportsImageInfo.ImageFacts;
import org.qblockd.driver.FormatSpecific;
import org.qblockd.qapi.types.ImageInfoSpecific;
import org.qblockd.qapi.types.ImageInfoSpecificQCow2;

/**
 * {@code info}: what is known of the image. The format's own facts go to the monitor, the rest to
 * standard output, as in QEMU. Control lane.
 */
final class InfoCommand {
  /** Drivers that are protocols, which QEMU names twice. */
  private static final List<String> PROTOCOLS =
      List.of("blkdebug", "blkverify", "file", "host_device", "null-aio", "null-co");

  private InfoCommand() {}

  static QemuIoCommand create() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "info", "i", 0, 0, 0, null, "prints information about the current file"),
        (device, arguments) -> run(device));
  }

  private static void run(Device device) throws BlockException {
    BlockNode node = device.backend().node();
    if (node == null) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    device.print("format name: " + node.driver());
    if (PROTOCOLS.contains(node.driver())) {
      device.print("format name: " + node.driver());
    }
    ImageFacts facts = facts(node);
    if (facts == null) {
      return;
    }
    device.print("cluster size: " + Sizes.print(facts.clusterSize()));
    device.print("vm state offset: " + Sizes.print(facts.stateOffset()));
    FormatSpecific specific = node.capability(FormatSpecific.class);
    if (specific != null && specific.imageInfoSpecific() instanceof ImageInfoSpecific.Qcow2 qcow2) {
      show(device, qcow2.data().data());
    }
  }

  private static void show(Device device, ImageInfoSpecificQCow2 facts) {
    device.monitor().append("Format specific information:\n");
    line(device, "compat", facts.compat());
    line(device, "compression type", facts.compressionType().wireName());
    facts.lazyRefcounts().ifPresent(value -> line(device, "lazy refcounts", value));
    line(device, "refcount bits", facts.refcountBits());
    facts.corrupt().ifPresent(value -> line(device, "corrupt", value));
    facts.extendedL2().ifPresent(value -> line(device, "extended l2", value));
  }

  private static void line(Device device, String name, Object value) {
    device.monitor().append("    ").append(name).append(": ").append(value).append("\n");
  }

  private static @Nullable ImageFacts facts(BlockNode node) {
    ReportsImageInfo reports = node.capability(ReportsImageInfo.class);
    if (reports != null) {
      return reports.imageFacts();
    }
    Child filtered = node.filtered();
    return filtered == null ? null : facts(filtered.node());
  }
}
