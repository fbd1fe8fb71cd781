// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
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

  /** All users of a node must run in the same thread. */
  void checkThreads(Device device, Drive drive) throws QmpException {
    BlockNode node = drive.backend().node();
    for (Drive other : drives.all()) {
      if (node == null || other.equals(drive) || other.backend().node() == null) {
        continue;
      }
      boolean sameNode = other.backend().node().equals(node);
      if (sameNode
          && other.user() instanceof BlockUse use
          && !thread(use.device()).equals(thread(device))) {
        throw QmpException.generic("Cannot change iothread of active block backend");
      }
    }
  }

  /** The I/O thread of a device: its own, or that of the controller whose bus it is on. */
  private static String thread(Device device) {
    Bus bus = device.bus();
    @Nullable Device controller = bus == null ? null : bus.owner();
    String mine = device.text("iothread");
    return mine.isEmpty() && controller != null ? controller.text("iothread") : mine;
  }
}
