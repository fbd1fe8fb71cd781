// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import org.qblockd.qapi.QmpException;

/** What single types of devices refuse when they are plugged in. Stateless; any thread. */
final class DeviceChecks {
  private DeviceChecks() {}

  static void check(Device device) throws QmpException {
    switch (device.type()) {
      case "pci-bridge", "pci-bridge-seat" -> {
        if (device.number("chassis_nr", 0) == 0) {
          throw QmpException.generic(
              "Bridge chassis not specified. Each bridge is required to be assigned a unique"
                  + " chassis id > 0.");
        }
      }
      case "nvme" -> {
        if (device.text("serial").isEmpty()) {
          throw QmpException.generic("serial property not set");
        }
      }
      default -> {}
    }
  }
}
