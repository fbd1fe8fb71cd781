// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveInfo;
import org.qblockd.machine.drive.DriveInterface;
import org.qblockd.machine.drive.Drives;
import org.qblockd.qapi.QmpException;

/**
 * Plugs drives into the board's own controllers while the board is built; the first refusal is kept
 * for whoever built it. Control lane.
 */
final class BoardDrives {
  private static final int FLOPPY_UNITS = 2;

  private final Devices devices;
  private final Drives drives;
  private @Nullable QmpException refused;
  private @Nullable BlockException failed;

  BoardDrives(Devices devices, Drives drives) {
    this.devices = devices;
    this.drives = drives;
  }

  /** Whether there is something to plug in. */
  boolean has(DriveInterface type) {
    return !free(type, FLOPPY_UNITS).isEmpty();
  }

  /** Makes the disks on controllers with this many buses. */
  void plugDisks(int buses) {
    plug(free(DriveInterface.IDE, buses));
  }

  /** Makes the floppy drives. */
  void plugFloppies() {
    plug(free(DriveInterface.FLOPPY, FLOPPY_UNITS));
  }

  /** Keeps what is wrong. */
  void refuse(QmpException e) {
    refused = refused == null ? e : refused;
  }

  /** Throws what was wrong with a drive. */
  void check() throws QmpException, BlockException {
    if (refused != null) {
      throw refused;
    }
    if (failed != null) {
      throw failed;
    }
  }

  /** Drives that nobody uses and that have a place, in the order of their places. */
  private List<Drive> free(DriveInterface type, int places) {
    List<Drive> free = new ArrayList<>();
    for (Drive drive : drives.all()) {
      DriveInfo info = drive.info();
      if (info != null && info.type() == type && drive.user() == null) {
        int place = type == DriveInterface.FLOPPY ? info.unit() : info.bus();
        if (place < places) {
          free.add(drive);
        }
      }
    }
    free.sort(Comparator.comparingInt(BoardDrives::place));
    return free;
  }

  private static int place(Drive drive) {
    DriveInfo info = drive.info();
    return info == null ? 0 : info.bus() * FLOPPY_UNITS + info.unit();
  }

  private void plug(List<Drive> found) {
    for (Drive drive : found) {
      try {
        Device unused = devices.addForDrive(drive);
      } catch (QmpException e) {
        refuse(e);
      } catch (BlockException e) {
        failed = failed == null ? e : failed;
      }
    }
  }
}
