// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockOp;
import org.qblockd.block.CopyOnRead;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.OnError;
import org.qblockd.driver.NodeOpener;
import org.qblockd.machine.object.UserObjects;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.options.OptionMap;

/**
 * Makes drives from what an option says, and takes them away: {@code -drive}, and the human
 * monitor's {@code drive_add} and {@code drive_del}. Control lane.
 */
public final class DriveOpening {
  private final NodeOpener opener;
  private final BlockGraph graph;
  private final Drives drives;
  private final UserObjects objects;

  /** For drives of one server. */
  public DriveOpening(NodeOpener opener, Drives drives, UserObjects objects) {
    this.objects = objects;
    this.opener = opener;
    this.graph = opener.graph();
    this.drives = drives;
  }

  /** Opens the medium, if there is one, and makes the drive; all or nothing. */
  public Drive open(DriveSpec spec) throws BlockException {
    if (!spec.hasMedium()) {
      checkName(spec.name());
      return add(new BlockBackend(graph, spec.name(), Perms.NONE), spec);
    }
    BlockNode node = openMedium(spec);
    try {
      checkName(spec.name());
      BlockBackend backend =
          new BlockBackend(
              graph, spec.name(), new Perms(Permission.CONSISTENT_READ, Permission.ALL));
      insert(backend, node);
      return add(backend, spec);
    } catch (BlockException refused) {
      graph.closeIfUnused(node);
      throw refused;
    }
  }

  private BlockNode openMedium(DriveSpec spec) throws BlockException {
    String file = spec.file();
    String filename = file == null || file.isEmpty() ? null : file;
    OptionMap options = OptionMap.ofTexts(spec.node());
    BlockNode node =
        spec.snapshot()
            ? new TemporaryOverlay(opener).open(filename, options)
            : opener.openForUser(filename, options);
    if (spec.copyOnRead() && !node.readOnly()) {
      CopyOnRead.enable(node);
    }
    return node;
  }

  private static void insert(BlockBackend backend, BlockNode node) throws BlockException {
    try {
      backend.insert(node);
    } catch (BlockException refused) {
      backend.close();
      throw refused;
    }
  }

  private Drive add(BlockBackend backend, DriveSpec spec) throws BlockException {
    backend.setWriteCache(spec.writeCache());
    DriveInfo info = new DriveInfo(spec.type(), spec.bus(), spec.unit(), spec.cdrom());
    Drive drive = drives.create(backend, info);
    drive.setNextMedium(spec.nextMedium());
    drive.setPolicies(spec.onReadError(), spec.onWriteError());
    backend.accounting().configure(spec.accountInvalid(), spec.accountFailed());
    ThrottleOptions throttling = spec.throttling();
    if (throttling != null) {
      new DriveLimits(graph, objects.throttleGroups())
          .set(backend, throttling.config(), throttling.group(), spec.name());
    }
    for (int seconds : spec.intervals()) {
      backend.accounting().addInterval(seconds);
    }
    return drive;
  }

  private void checkName(String name) throws BlockException {
    if (graph.backend(name) != null) {
      throw BlockException.of(Errno.EEXIST, "Device with id '" + name + "' already exists");
    }
    if (graph.node(name) != null) {
      throw BlockException.of(
          Errno.EEXIST, "Device name '" + name + "' conflicts with an existing node name");
    }
  }

  /**
   * Takes a drive's medium and name away; a device that uses the drive keeps it, empty, until the
   * device goes.
   *
   * @throws QmpException when there is no such drive, or it belongs to a device over a node
   */
  public void delete(String name) throws QmpException, BlockException {
    Drive drive = drives.find(name, null);
    if (drive.info() == null) {
      throw QmpException.generic("Deleting device added with blockdev-add is not supported");
    }
    BlockBackend backend = drive.backend();
    BlockNode node = backend.node();
    if (node != null) {
      node.checkOp(BlockOp.DRIVE_DEL);
      backend.remove();
    }
    backend.forgetName();
    if (drive.user() == null) {
      close(drive);
    } else {
      drive.setPolicies(OnError.REPORT, OnError.REPORT);
    }
  }

  /**
   * A device has gone: its drive goes with it, whether the device made it or {@code -drive}. Null
   * is allowed for a device that had none.
   */
  public void deviceGone(@Nullable Drive drive) {
    if (drive != null) {
      drive.detach();
      close(drive);
    }
  }

  private void close(Drive drive) {
    drives.remove(drive);
    drive.backend().close();
  }
}
