// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.blockjob.OnError;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveUser;
import org.qblockd.machine.drive.Drives;

/** A device's hold on its drive, from the moment its property names it. Control lane. */
public final class BlockUse implements DriveUser {
  private final Device device;
  private final Drive drive;
  private Device shown;
  private @Nullable BlockModel model;

  /**
   * Takes the drive.
   *
   * @param device the device whose properties count
   */
  BlockUse(Device device, Drive drive) {
    this.device = device;
    this.drive = drive;
    this.shown = device;
    drive.attach(this);
  }

  /** The device whose properties count. */
  Device device() {
    return device;
  }

  /** The drive. */
  public Drive drive() {
    return drive;
  }

  /** What the property {@code drive} shows: the backend's name, else the node's. */
  String driveName() {
    BlockNode node = drive.backend().node();
    String name = drive.backend().name();
    return name.isEmpty() && node != null ? node.name() : name;
  }

  /** The device that QMP shows as the user: a part of the one that was given the drive. */
  void showAs(Device part) {
    shown = part;
  }

  @Override
  public String id() {
    return shown.id();
  }

  @Override
  public String path() {
    return shown.path();
  }

  @Override
  public Media media() {
    BlockModel current = model;
    if (current == null) {
      return Media.FIXED;
    }
    return current.media() == Media.FIXED && device.isOn("removable")
        ? Media.TRAY
        : current.media();
  }

  @Override
  public boolean keepsIoStatus() {
    BlockModel current = model;
    return current != null && current.ioStatus();
  }

  /** Makes the device's claims: policies, cache mode, permissions. */
  void realize(BlockModel newModel) throws BlockException {
    model = newModel;
    BlockBackend backend = drive.backend();
    if (backend.name().isEmpty()) {
      backend.setDescription("block device '" + shown.idOrPath() + "'");
    }
    if (backend.node() == null && newModel.empty() != null) {
      throw BlockException.of(Errno.ENOMEDIUM, newModel.empty());
    }
    if (device.type().equals("scsi-block") || device.type().equals("scsi-generic")) {
      String reason = backend.node() == null ? "No medium found" : "Operation not supported";
      throw BlockException.of(Errno.ENOTSUP, "cannot get SG_IO version number: " + reason)
          .hinted("Is this a SCSI device?");
    }
    BlockSizes.check(device);
    switch (device.text("write-cache")) {
      case "on" -> backend.setWriteCache(true);
      case "off" -> backend.setWriteCache(false);
      default -> {}
    }
    drive.setPolicies(policy("rerror", drive.readPolicy()), policy("werror", drive.writePolicy()));
    backend.setPerms(perms(newModel));
  }

  private OnError policy(String property, OnError otherwise) {
    return switch (device.text(property)) {
      case "report" -> OnError.REPORT;
      case "ignore" -> OnError.IGNORE;
      case "enospc" -> OnError.ENOSPC;
      case "stop" -> OnError.STOP;
      default -> otherwise;
    };
  }

  private Perms perms(BlockModel current) {
    BlockNode node = drive.backend().node();
    if (node == null && current.media() == Media.SLOT) {
      return Perms.NONE;
    }
    boolean writes =
        current.writes() && (current.mustWrite() || (node != null && !node.readOnly()));
    int shared = Permission.CONSISTENT_READ | Permission.WRITE_UNCHANGED;
    if (current.resizable()) {
      shared |= Permission.RESIZE;
    }
    if (device.isOn("share-rw")) {
      shared |= Permission.WRITE;
    }
    return new Perms(Permission.CONSISTENT_READ | (writes ? Permission.WRITE : 0), shared);
  }

  @Override
  public void mediumChanged(boolean loaded) throws BlockException {
    BlockModel current = model;
    if (current != null && current.media() == Media.SLOT) {
      drive.backend().setPerms(loaded ? perms(current) : Perms.NONE);
    }
  }

  /**
   * Lets the drive go.
   *
   * @param unplugged whether the device was in use until now: a drive of the command line goes with
   *     it
   */
  void release(Drives drives, boolean unplugged) {
    if (unplugged && drive.info() != null) {
      drives.endJobs(drive);
    }
    drive.detach();
    BlockBackend backend = drive.backend();
    backend.setThreadFixed(false);
    if (backend.name().isEmpty() || (unplugged && drive.info() != null)) {
      drives.remove(drive);
      backend.close();
      return;
    }
    try {
      backend.setPerms(Perms.NONE);
    } catch (BlockException impossible) {
      throw new IllegalStateException("a user that needs nothing is refused", impossible);
    }
  }
}
