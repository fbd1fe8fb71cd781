// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qblockd.base.ControlLane;
import org.qblockd.machine.drive.Drives;
import org.qblockd.qapi.EventSink;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.DeviceDeletedEvent;

/** How devices leave the machine, and which of them wait for the guest's leave. Control lane. */
final class Unplugging {
  private final ControlLane lane;
  private final Drives drives;
  private final EventSink events;
  private final List<Device> waiting = new ArrayList<>();

  /** Nothing is leaving yet. */
  Unplugging(ControlLane lane, Drives drives, EventSink events) {
    this.lane = lane;
    this.drives = drives;
    this.events = events;
  }

  /**
   * Asks a device to go, as device_del does.
   *
   * @param idOrPath what the user calls it
   */
  void ask(Device device, String idOrPath) throws QmpException {
    if (device.unplugPending()) {
      throw QmpException.generic("Device " + idOrPath + " is already in the process of unplug");
    }
    Bus bus = device.bus();
    if (bus == null || !bus.hotplug()) {
      throw QmpException.generic(
          bus == null || bus.type().equals("System")
              ? "Device '" + device.type() + "' does not support hotplugging"
              : "Bus '" + bus.busName() + "' does not support hotplugging");
    }
    if (bus.fits("PCI")) {
      // The guest would have to agree; a reset counts as that.
      device.setUnplugPending();
      waiting.add(device);
    } else {
      remove(device);
    }
  }

  /** The machine is reset: devices that wait for the guest's leave go. */
  void reset() {
    for (Device device : List.copyOf(waiting)) {
      remove(device);
    }
    waiting.clear();
  }

  private void remove(Device device) {
    List<DeviceDeletedEvent> told = new ArrayList<>();
    take(device, told);
    // QEMU finalizes objects when nobody can be reading them any more: after the reply.
    lane.post(() -> told.forEach(events::emit));
  }

  /** Takes a device out with all below it; what is inside goes first. */
  private void take(Device device, List<DeviceDeletedEvent> told) {
    for (Bus bus : device.buses()) {
      for (Device below : List.copyOf(bus.devices())) {
        take(below, told);
      }
    }
    Device part = device.part();
    if (part != null) {
      told.add(new DeviceDeletedEvent(Optional.empty(), part.path()));
    }
    String id = device.id();
    told.add(
        new DeviceDeletedEvent(id.isEmpty() ? Optional.empty() : Optional.of(id), device.path()));
    release(device, true);
    waiting.remove(device);
  }

  /** Takes out a device that could not be added; nobody is told. */
  void drop(Device device) {
    for (Bus bus : device.buses()) {
      for (Device below : List.copyOf(bus.devices())) {
        drop(below);
      }
    }
    release(device, false);
  }

  private void release(Device device, boolean unplugged) {
    BlockUse use = device.blockUse();
    if (use != null) {
      use.release(drives, unplugged);
    }
    device.unplug();
    device.unparent();
  }
}
