// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.machine.qom.QomProperty;
import org.qblockd.machine.qom.QomType;
import org.qblockd.machine.qom.QomTypes;

/** A bus and the devices on it, newest first. Control lane. */
final class Bus extends QomObject {
  private final String busName;
  private final @Nullable Device owner;
  private final boolean hotplug;
  private final int places;
  private final List<Device> devices = new ArrayList<>();

  /**
   * An empty bus.
   *
   * @param owner the device it belongs to; null for the machine's own
   * @param hotplug whether devices come and go while the machine exists
   * @param places how many devices fit; 0 for any number
   */
  Bus(String type, String busName, @Nullable Device owner, boolean hotplug, int places) {
    super(type);
    this.busName = busName;
    this.owner = owner;
    this.hotplug = hotplug;
    this.places = places;
    addClass(
        QomProperty.link("hotplug-handler", "hotplug-handler", () -> hotplug ? owner : null),
        QomProperty.bool("realized", () -> true, null));
  }

  /** The name by which {@code bus=} finds it. */
  String busName() {
    return busName;
  }

  @Nullable Device owner() {
    return owner;
  }

  boolean hotplug() {
    return hotplug;
  }

  boolean full() {
    return places > 0 && devices.size() >= places;
  }

  /** The devices, newest first. */
  List<Device> devices() {
    return devices;
  }

  /** Whether devices for such a bus fit here. */
  boolean fits(String wanted) {
    QomType type = QomTypes.find(type());
    return type == null ? type().equals(wanted) : type.isA(wanted);
  }

  /**
   * The first bus from here on that has this name, or else fits this type; a full one only when
   * there is no other. Nearer buses of newer devices come first, as in QEMU.
   */
  @Nullable Bus find(@Nullable String name, @Nullable String wanted) {
    boolean match = (name == null || name.equals(busName)) && (wanted == null || fits(wanted));
    if (match && !full()) {
      return this;
    }
    Bus pick = match ? this : null;
    for (Device device : devices) {
      for (Bus below : device.buses()) {
        Bus found = below.find(name, wanted);
        if (found != null && !found.full()) {
          return found;
        }
        pick = pick == null ? found : pick;
      }
    }
    return pick;
  }
}
