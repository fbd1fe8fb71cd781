// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.NodeExchange;
import org.qblockd.block.Perms;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveInfo;
import org.qblockd.machine.drive.DriveInterface;
import org.qblockd.machine.drive.Drives;
import org.qblockd.qapi.QmpException;

/** What the value of {@code drive} names: a drive, or a node that a new backend takes. Lane. */
final class DriveProperty implements PropertyRules.DriveTaker {
  private final BlockGraph graph;
  private final Drives drives;

  DriveProperty(BlockGraph graph, Drives drives) {
    this.graph = graph;
    this.drives = drives;
  }

  @Override
  public void take(Device device, String owner, String name) throws QmpException {
    Drive drive = drives.named(name);
    if (drive == null) {
      drive = overNode(owner, name);
    }
    if (drive.user() != null) {
      DriveInfo info = drive.info();
      boolean automatic = info != null && info.type() != DriveInterface.NONE;
      throw QmpException.generic(
          "Drive '"
              + name
              + (automatic
                  ? "' is already in use because it has been automatically connected to another"
                      + " device (did you need 'if=none' in the drive options?)"
                  : "' is already in use by another device"));
    }
    device.setBlockUse(new BlockUse(device, drive));
  }

  @Override
  public void exchange(BlockUse use, String nodeName) throws QmpException {
    try {
      BlockNode node = graph.lookup(null, nodeName);
      Child root = use.drive().backend().root();
      if (root == null) {
        throw BlockException.io(Errno.ENOMEDIUM);
      }
      NodeExchange.at(graph, root, node);
    } catch (BlockException refused) {
      throw QmpException.generic(refused.message());
    }
  }

  private Drive overNode(String owner, String name) throws QmpException {
    BlockNode node = graph.node(name);
    if (node == null) {
      throw PropertyRules.notFound(owner, "drive", name);
    }
    BlockBackend backend = new BlockBackend(graph, "", Perms.NONE);
    try {
      backend.insert(node);
    } catch (BlockException refused) {
      backend.close();
      throw QmpException.generic(refused.message());
    }
    return drives.create(backend, null);
  }

  /** A device for media without a drive gets one of its own. */
  BlockUse empty(Device device) {
    Drive drive = drives.create(new BlockBackend(graph, "", Perms.NONE), null);
    BlockUse use = new BlockUse(device, drive);
    device.setBlockUse(use);
    return use;
  }

  /**
   * The disk of a SCSI controller with an I/O thread goes there. Where others keep it back it works
   * all the same.
   */
  void join(Device device, Drive drive) {
    BlockBackend backend = drive.backend();
    backend.setThreadFixed(true);
    Bus bus = device.bus();
    @Nullable Device controller = bus == null ? null : bus.owner();
    String thread = controller == null ? "" : controller.text("iothread");
    if (thread.isEmpty() || controller == null || !controller.isA("virtio-scsi-common")) {
      return;
    }
    try {
      graph.threads().move(backend, thread.substring(thread.lastIndexOf('/') + 1));
    } catch (BlockException stays) {
      assert backend.node() != null;
    }
  }

  /** The machine is reset: what users of the devices' nodes have begun ends first. */
  void settle() {
    for (Drive drive : drives.all()) {
      BlockNode node = drive.backend().node();
      if (drive.user() instanceof BlockUse && node != null) {
        graph.drainBegin(node);
        graph.drainEnd(node);
      }
    }
  }
}
