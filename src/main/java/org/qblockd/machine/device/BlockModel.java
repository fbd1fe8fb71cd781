// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import org.jspecify.annotations.Nullable;
import org.qblockd.machine.drive.DriveUser.Media;

/**
 * What kinds of devices ask of their drive. Immutable; any thread.
 *
 * @param missing the error when there is no drive; null for a device that then has an empty one
 * @param empty the error when the drive has no medium; null when that is allowed
 * @param writes whether the device writes where it may
 * @param mustWrite whether a medium that cannot be written is refused
 * @param resizable whether others may change the length
 * @param ioStatus whether the device stops at errors
 */
record BlockModel(
    @Nullable String missing,
    @Nullable String empty,
    Media media,
    boolean writes,
    boolean mustWrite,
    boolean resizable,
    boolean ioStatus) {
  private static final String NO_DRIVE = "drive property not set";
  private static final String NO_MEDIA = "Device needs media, but drive is empty";
  private static final String NO_SIZE = "could not get blockdev size: No medium found";

  private static final BlockModel CD =
      new BlockModel(null, null, Media.TRAY, false, false, false, true);

  /** The model of the device type that uses the drive, or null for one that uses none. */
  static @Nullable BlockModel of(String type) {
    return switch (type) {
      case "virtio-blk-device", "scsi-hd" ->
          new BlockModel(NO_DRIVE, NO_MEDIA, Media.FIXED, true, false, true, true);
      case "usb-storage" ->
          new BlockModel(NO_DRIVE, NO_MEDIA, Media.FIXED, true, false, true, true);
      case "ide-hd", "ide-cf" ->
          new BlockModel("No drive specified", NO_MEDIA, Media.FIXED, true, true, true, true);
      case "scsi-cd", "ide-cd" -> CD;
      case "floppy" -> new BlockModel(null, null, Media.SLOT, true, false, false, false);
      case "nvme-ns" ->
          new BlockModel(
              "block backend not configured", NO_SIZE, Media.FIXED, true, false, false, false);
      case "scsi-block", "scsi-generic" ->
          new BlockModel(NO_DRIVE, null, Media.FIXED, true, false, false, false);
      default -> null;
    };
  }

  /** The model of a controller that is its own disk when it is given a drive. */
  static BlockModel nvme() {
    return new BlockModel(null, NO_SIZE, Media.FIXED, true, false, false, false);
  }
}
