// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.QmpException;

/**
 * One front end on several devices at once: it hears all of them, and all hear it. The front end
 * comes as for every device; each device below reads on its own thread.
 */
final class HubDevice extends CharDevice {
  /** Devices of one hub, as in QEMU. */
  static final int MAX_DEVICES = 4;

  private final List<String> names;
  private final DeviceNames devices;
  private final List<CharDevice> below = new ArrayList<>();

  /** Finds devices by their ids. */
  interface DeviceNames {
    @Nullable CharDevice find(String id);
  }

  HubDevice(String id, List<String> names, DeviceNames devices) {
    super(id);
    this.names = names;
    this.devices = devices;
  }

  @Override
  public String filename() {
    return "hub";
  }

  @Override
  void open() throws QmpException {
    if (names.isEmpty()) {
      throw QmpException.generic("hub: 'chardevs' list is not defined");
    }
    try {
      for (String name : names) {
        add(name);
      }
    } catch (QmpException e) {
      close();
      throw e;
    }
  }

  private void add(String name) throws QmpException {
    CharDevice device = devices.find(name);
    if (device == null) {
      throw QmpException.generic("hub: chardev can't be found by id '" + name + "'");
    }
    if (device instanceof MuxDevice || device instanceof HubDevice) {
      throw QmpException.generic(
          "hub: multiplexers and hub devices can't be stacked, check chardev '"
              + name
              + "', chardev should not be a hub device or have 'mux=on' enabled");
    }
    if (below.size() == MAX_DEVICES) {
      throw QmpException.generic(
          "hub: too many uses of chardevs '" + id() + "' (maximum is " + MAX_DEVICES + ")");
    }
    device.reserve();
    below.add(device);
  }

  @Override
  void begin() {}

  @Override
  void attached() {
    FrontEnd frontEnd = user();
    if (frontEnd != null) {
      HubPorts ports = new HubPorts(frontEnd);
      for (CharDevice device : below) {
        device.attach(ports.port());
      }
    }
  }

  @Override
  void detached() {
    for (CharDevice device : below) {
      device.detach();
    }
  }

  @Override
  void close() {
    for (CharDevice device : below) {
      device.unreserve();
    }
    below.clear();
  }
}
