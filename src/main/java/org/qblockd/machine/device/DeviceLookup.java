// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import org.qblockd.machine.drive.DeviceFinder;
import org.qblockd.qapi.QmpException;

/** Finds devices for the commands about drives. Control lane. */
record DeviceLookup(Devices devices) implements DeviceFinder {
  @Override
  public String pathOf(String idOrPath) throws QmpException {
    return devices.find(idOrPath).path();
  }
}
