// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qom;

import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.machine.device.Device;
import org.qblockd.machine.device.Devices;
import org.qblockd.machine.qom.QomType;
import org.qblockd.machine.qom.QomTypes;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.commands.QdevCommands;
import org.qblockd.qapi.options.DeviceOptions;
import org.qblockd.qapi.types.ObjectPropertyInfo;

/** The commands of {@code qdev.json}. Control lane. */
public final class PlugCommands implements QdevCommands {
  private final Devices devices;

  /** The commands for these devices. */
  public PlugCommands(Devices devices) {
    this.devices = devices;
  }

  @Override
  public List<ObjectPropertyInfo> deviceListProperties(String typename) throws QmpException {
    QomType type = QomTypes.find(typename);
    if (type == null) {
      throw new QmpException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + typename + "' not found");
    }
    if (!type.isA("device") || type.isAbstract()) {
      throw QmpException.generic("Parameter 'typename' expects a non-abstract device type");
    }
    return ObjectCommands.infos(type.deviceProperties());
  }

  @Override
  public void deviceAdd(AnyValue arguments) throws QmpException, BlockException {
    Device unused = devices.add(DeviceOptions.of(arguments));
  }

  @Override
  public void deviceDel(String id) throws QmpException {
    devices.delete(id);
  }

  @Override
  public void deviceSyncConfig(String id) throws QmpException {
    Device device;
    try {
      device = devices.find(id);
    } catch (QmpException e) {
      // This command alone has no class of its own for a device that is not there.
      throw QmpException.generic(e.text());
    }
    Device part = device.part();
    String type = part == null ? device.type() : part.type();
    throw QmpException.generic("device-sync-config is not supported for '" + type + "'");
  }
}
