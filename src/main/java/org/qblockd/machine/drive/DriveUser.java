// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import org.qblockd.base.BlockException;

/**
 * A device that uses a drive, as the commands about drives and media see it. Control lane.
 *
 * <p>The tray belongs to the {@link Drive}; the device only says whether it has one.
 */
public interface DriveUser {
  /** How media get into a device. */
  enum Media {
    /** The medium is there for as long as the device. */
    FIXED,
    /** A slot without a tray: floppy and SD card. */
    SLOT,
    /** A tray that opens and closes: CD-ROM, removable SCSI disks. */
    TRAY
  }

  /** The device's id; empty when it has none. */
  String id();

  /** The device's path in the object tree: {@code /machine/peripheral/disk0}. */
  String path();

  /** How media get in. */
  Media media();

  /** Whether the device stops at errors and shows that it did ({@code io-status}). */
  boolean keepsIoStatus();

  /**
   * Whether the guest keeps the tray shut. Without a guest only our own extensions can ask for
   * that.
   */
  default boolean locked() {
    return false;
  }

  /** The user wants the tray open though the guest has locked it; with force it is unlocked. */
  default void requestEject(boolean force) {}

  /**
   * A medium has been put in or is about to be taken out; the place to change permissions on its
   * node.
   *
   * @param loaded whether there is a medium from now on
   */
  default void mediumChanged(boolean loaded) throws BlockException {}
}
