// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.drive;

import org.qblockd.qapi.QmpException;

/** How drives find the device that a command names. Control lane. */
public interface DeviceFinder {
  /**
   * The path of the device with this id or path.
   *
   * @throws QmpException DeviceNotFound, or that the object is no device
   */
  String pathOf(String idOrPath) throws QmpException;
}
