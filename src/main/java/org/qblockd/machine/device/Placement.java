// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.qapi.AnyValue;
import org.qblockd.qapi.QmpException;

/** Gives a device its address on its bus, or refuses the one that was asked for. Control lane. */
final class Placement {
  private static final int FUNCTIONS = 8;
  private static final int DEVFNS = 256;
  private static final long UNSET_ID = 0xFFFF_FFFFL;
  private static final int VIRTIO_TARGETS = 255;
  private static final int VIRTIO_LUNS = 16383;
  private static final int SCSI_TARGETS = 7;

  private Placement() {}

  /** Places the device, which is on the bus already but not realized. */
  static void place(Device device, Bus bus) throws QmpException {
    if (bus.fits("PCI")) {
      placePci(device, bus);
    } else if (bus.fits("SCSI")) {
      placeScsi(device, bus);
    } else if (bus.fits("IDE")) {
      placeUnit(device, bus, "IDE", isAhci(bus) ? 1 : 2);
    } else if (bus.fits("floppy-bus")) {
      placeUnit(device, bus, "floppy", 2);
    }
  }

  private static boolean isAhci(Bus bus) {
    Device owner = bus.owner();
    return owner != null && owner.type().equals("ich9-ahci");
  }

  private static void placePci(Device device, Bus bus) throws QmpException {
    int wanted = PropertyRules.parse(device.text("addr"));
    boolean slotOnly = bus.owner() != null && bus.owner().isA("pcie-root-port-base");
    if (wanted >= 0) {
      Device other = at(bus, wanted, device);
      if (other != null) {
        throw QmpException.generic(
            "PCI: slot %d function %d not available for %s, in use by %s,id=%s"
                .formatted(
                    wanted / FUNCTIONS,
                    wanted % FUNCTIONS,
                    device.type(),
                    other.type(),
                    nameOf(other)));
      }
      device.put("addr", AnyValue.of(PropertyRules.slotAndFunction(wanted)));
      return;
    }
    int end = slotOnly ? FUNCTIONS : DEVFNS;
    for (int devfn = firstFree(bus); devfn < end; devfn += FUNCTIONS) {
      if (at(bus, devfn, device) == null) {
        device.put("addr", AnyValue.of(PropertyRules.slotAndFunction(devfn)));
        return;
      }
    }
    throw QmpException.generic(
        "PCI: no slot/function available for " + device.type() + ", all in use or reserved");
  }

  /** What QEMU prints for a device, also for one without an id. */
  private static String nameOf(Device device) {
    return device.id().isEmpty() ? "(null)" : device.id();
  }

  /** Slot 0 of a bridge belongs to its hotplug controller. */
  private static int firstFree(Bus bus) {
    Device owner = bus.owner();
    return owner != null && owner.type().equals("pci-bridge") && owner.isOn("shpc") ? FUNCTIONS : 0;
  }

  private static @Nullable Device at(Bus bus, int devfn, Device but) {
    for (Device other : bus.devices()) {
      if (!other.equals(but) && PropertyRules.parse(other.text("addr")) == devfn) {
        return other;
      }
    }
    return null;
  }

  private static void placeScsi(Device device, Bus bus) throws QmpException {
    Device owner = bus.owner();
    boolean virtio = owner != null && owner.isA("virtio-scsi-common");
    boolean usb = owner != null && owner.type().equals("usb-storage");
    int targets = virtio ? VIRTIO_TARGETS : usb ? 0 : SCSI_TARGETS;
    int luns = virtio ? VIRTIO_LUNS : 0;
    long channel = device.number("channel", 0);
    long target = device.number("scsi-id", UNSET_ID);
    long lun = device.number("lun", UNSET_ID);
    if (channel > 0) {
      throw QmpException.generic("bad scsi channel id: " + channel);
    }
    if (target != UNSET_ID && target > targets) {
      throw QmpException.generic("bad scsi device id: " + target);
    }
    if (lun != UNSET_ID && lun > luns) {
      throw QmpException.generic("bad scsi device lun: " + lun);
    }
    if (target == UNSET_ID) {
      long wantedLun = lun == UNSET_ID ? 0 : lun;
      target = 0;
      while (scsiAt(bus, device, target, wantedLun) != null) {
        if (target++ == targets) {
          throw QmpException.generic("no free target");
        }
      }
      lun = wantedLun;
    } else if (lun == UNSET_ID) {
      lun = 0;
      while (scsiAt(bus, device, target, lun) != null) {
        if (lun++ == luns) {
          throw QmpException.generic("no free lun");
        }
      }
    } else {
      Device other = scsiAt(bus, device, target, lun);
      if (other != null) {
        throw QmpException.generic("lun already used by '" + other.id() + "'");
      }
    }
    device.put("scsi-id", AnyValue.of(target));
    device.put("lun", AnyValue.of(lun));
  }

  private static @Nullable Device scsiAt(Bus bus, Device but, long target, long lun) {
    for (Device other : bus.devices()) {
      boolean same = other.number("scsi-id", -1) == target && other.number("lun", -1) == lun;
      if (same && !other.equals(but)) {
        return other;
      }
    }
    return null;
  }

  private static void placeUnit(Device device, Bus bus, String kind, int units)
      throws QmpException {
    long unit = device.number("unit", UNSET_ID);
    List<Device> others = bus.devices();
    if (unit == UNSET_ID || unit == -1) {
      unit = 0;
      while (unit < units && unitTaken(others, device, unit)) {
        unit++;
      }
    }
    if (unit >= units) {
      throw QmpException.generic(
          "Can't create " + kind + " unit " + unit + ", bus supports only " + units + " units");
    }
    if (unitTaken(others, device, unit)) {
      String word = kind.equals("floppy") ? "Floppy" : kind;
      throw QmpException.generic(word + " unit " + unit + " is in use");
    }
    device.put("unit", AnyValue.of(unit));
  }

  private static boolean unitTaken(List<Device> others, Device but, long unit) {
    for (Device other : others) {
      if (!other.equals(but) && other.number("unit", -1) == unit) {
        return true;
      }
    }
    return false;
  }
}
