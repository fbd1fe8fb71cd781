// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.Locale;

/**
 * A bus that devices of a type bring with them. Immutable; any thread.
 *
 * @param type the bus's type
 * @param count how many such buses
 * @param naming where the name comes from
 * @param hotplug whether devices come and go
 * @param places how many devices fit; 0 for any number
 */
record BusModel(String type, int count, Naming naming, boolean hotplug, int places) {
  static final BusModel NONE = new BusModel("", 0, Naming.NUMBERED, false, 0);

  /** How a bus gets its name. */
  enum Naming {
    /** The device's id and a number, else the type's name and a number. */
    NUMBERED,
    /** The device's id, else the type's name and a number. */
    ID
  }

  /** What devices of this type bring; {@link #NONE} for nothing. */
  static BusModel of(String type) {
    return switch (type) {
      case "virtio-scsi-device",
          "lsi53c895a",
          "lsi53c810",
          "megasas",
          "megasas-gen2",
          "mptsas1068",
          "pvscsi",
          "am53c974",
          "dc390",
          "esp",
          "usb-bot",
          "usb-uas" ->
          new BusModel("SCSI", 1, Naming.NUMBERED, true, 0);
      case "usb-storage" -> new BusModel("SCSI", 1, Naming.NUMBERED, false, 0);
      case "pci-bridge", "pcie-pci-bridge", "i82801b11-bridge", "pci-bridge-seat" ->
          new BusModel("PCI", 1, Naming.ID, true, 0);
      case "pcie-root-port", "ioh3420", "x3130-upstream", "xio3130-downstream" ->
          new BusModel("PCIE", 1, Naming.ID, true, 0);
      case "nvme" -> new BusModel("nvme-bus", 1, Naming.ID, true, 0);
      case "virtio-serial-device" -> new BusModel("virtio-serial-bus", 1, Naming.NUMBERED, true, 0);
      case "qemu-xhci",
          "nec-usb-xhci",
          "usb-ehci",
          "ich9-usb-ehci1",
          "ich9-usb-ehci2",
          "piix3-usb-uhci",
          "piix4-usb-uhci",
          "ich9-usb-uhci1",
          "pci-ohci" ->
          new BusModel("usb-bus", 1, Naming.NUMBERED, true, 0);
      case "ich9-ahci" -> new BusModel("IDE", 6, Naming.NUMBERED, false, 2);
      case "piix3-ide", "piix4-ide" -> new BusModel("IDE", 2, Naming.NUMBERED, false, 2);
      case "isa-fdc" -> new BusModel("floppy-bus", 1, Naming.NUMBERED, false, 0);
      case "sdhci-pci" -> new BusModel("sdhci-bus", 1, Naming.NUMBERED, true, 0);
      default -> NONE;
    };
  }

  /** The word that generated names begin with. */
  String stem() {
    return type.equals("PCIE") ? "pcie" : type.toLowerCase(Locale.ROOT);
  }
}
