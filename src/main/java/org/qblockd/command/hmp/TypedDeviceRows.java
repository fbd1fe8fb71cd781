// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.chardev.CharDevice;
import org.qblockd.chardev.CharDevices;
import org.qblockd.command.chardev.MonitorDescriptors;
import org.qblockd.qapi.QmpException;

/** The human commands that make character devices of a description. Control lane. */
final class TypedDeviceRows {
  private final CharDevices devices;
  private final CharDeviceText typed;

  private TypedDeviceRows(CharDevices devices, CharDeviceText typed) {
    this.devices = devices;
    this.typed = typed;
  }

  static List<HmpCommand> rows(CharDevices devices, CharDeviceText typed) {
    TypedDeviceRows rows = new TypedDeviceRows(devices, typed);
    return List.of(
        new HmpCommand("chardev-add", "args:s", "args", "make a character device", rows::add),
        new HmpCommand(
            "chardev-change",
            "id:s args:s",
            "id args",
            "give a character device another back end",
            rows::change));
  }

  private CharDeviceText.@Nullable Description read(HmpCall call, boolean help)
      throws QmpException {
    return typed.read(call.text("args"), help, line -> call.print(line + "\n"));
  }

  private void add(HmpCall call) throws QmpException, BlockException {
    CharDeviceText.Description device = read(call, true);
    if (device == null) {
      return;
    }
    var backend = device.backend();
    String id = String.valueOf(device.id());
    if (devices.find(id) != null) {
      throw QmpException.generic(
          "attempt to add duplicate property '" + id + "' to object (type 'container')");
    }
    CharDevice unused =
        device.shared()
            ? devices.addShared(id, backend, new MonitorDescriptors())
            : devices.add(id, backend, new MonitorDescriptors());
  }

  private void change(HmpCall call) throws QmpException, BlockException {
    CharDeviceText.Description device = read(call, false);
    if (device == null) {
      throw new IllegalStateException("no list was asked for");
    }
    if (device.id() != null) {
      throw QmpException.generic("Unexpected 'id' parameter");
    }
    String id = call.text("id");
    CharDevice unused = devices.change(id, device.backendOf(id), new MonitorDescriptors());
  }
}
