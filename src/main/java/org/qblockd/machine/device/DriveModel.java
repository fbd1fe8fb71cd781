// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.LinkedHashMap;
import java.util.Map;
import org.qblockd.machine.drive.Drive;
import org.qblockd.machine.drive.DriveInfo;
import org.qblockd.qapi.QmpException;

/** Which device a drive with {@code if=} stands for. Stateless; control lane. */
final class DriveModel {
  private DriveModel() {}

  /** The device's options, with a bus if it is one of the board's own; empty for none. */
  static Map<String, String> options(Drive drive, DriveInfo info) throws QmpException {
    String driver =
        switch (info.type()) {
          case VIRTIO -> "virtio-blk-pci";
          case IDE -> info.cdrom() ? "ide-cd" : "ide-hd";
          case FLOPPY -> "floppy";
          case XEN -> throw QmpException.generic("No 'xen-bus' bus found for device 'xen-disk'");
          case NONE, SCSI, PFLASH, MTD, SD -> "";
        };
    Map<String, String> options = new LinkedHashMap<>();
    if (driver.isEmpty()) {
      return options;
    }
    options.put("driver", driver);
    options.put("drive", drive.backend().name());
    if (!driver.equals("virtio-blk-pci")) {
      options.put("bus", driver.equals("floppy") ? "floppy-bus.0" : "ide." + info.bus());
      options.put("unit", Integer.toString(info.unit()));
    }
    return options;
  }
}
