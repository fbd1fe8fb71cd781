// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.device;

import java.util.List;
import java.util.function.Consumer;
import org.qblockd.machine.drive.DriveInterface;
import org.qblockd.machine.qom.ObjectTree;
import org.qblockd.machine.qom.QomObject;
import org.qblockd.machine.qom.QomType;
import org.qblockd.machine.qom.QomTypes;
import org.qblockd.qapi.AnyValue;

/** The buses and devices that a machine type has from the start. Control lane. */
final class Board {
  private static final int EEPROMS = 8;
  private static final int PC_IDE_BUSES = 2;
  private static final int AHCI_BUSES = 6;
  private static final int FIRST_PC_SLOT = 2;
  private static final int FIRST_Q35_SLOT = 1;
  private static final int FUNCTIONS = 8;

  private final ObjectTree tree;
  private final PropertyRules rules;
  private final Consumer<Device> made;
  private final Bus system = new Bus("System", "main-system-bus", null, false, 0);
  private int unattached;

  Board(ObjectTree tree, PropertyRules rules, Consumer<Device> made) {
    this.made = made;
    this.tree = tree;
    this.rules = rules;
  }

  /** The bus above all others. */
  Bus system() {
    return system;
  }

  /** The next free place for a device that the machine itself made. */
  String nextUnattached() {
    return "device[" + unattached++ + "]";
  }

  /**
   * Builds the machine.
   *
   * @param machineType the name given to -machine
   * @param drives plugs in the drives of the board's own controllers, when these are there
   */
  void build(String machineType, Onboard extras, BoardDrives drives) {
    tree.unattached().addChild("sysbus", system);
    if (machineType.equals("none")) {
      return;
    }
    Device cpu = loose("qemu64-x86_64-cpu");
    cpu.setRealized(false);
    on(system, loose("kvmvapic"), "");
    if (machineType.equals("q35") || machineType.startsWith("pc-q35-")) {
      q35(extras, drives);
    } else {
      pc(extras, drives);
    }
  }

  private void pc(Onboard extras, BoardDrives drives) {
    Device host = child(tree.machine(), "i440fx", "i440FX-pcihost");
    on(system, host, "");
    Bus pci = new Bus("PCI", "pci.0", host, true, 0);
    host.addBus(pci);
    on(pci, loose("i440FX"), "00.0");
    Device isaBridge = loose("PIIX3");
    on(pci, isaBridge, "01.0");
    Bus isa = new Bus("ISA", "isa.0", isaBridge, false, 0);
    isaBridge.addBus(isa);
    Device ide = child(isaBridge, "ide", "piix3-ide");
    on(pci, ide, "01.1");
    ideBuses(ide, PC_IDE_BUSES);
    Device power = child(isaBridge, "pm", "PIIX4_PM");
    on(pci, power, "01.3");
    drives.plugDisks(PC_IDE_BUSES);
    loose(isa, List.of("isa-i8259", "isa-i8259"));
    int slot = display(pci, extras, FIRST_PC_SLOT);
    on(system, loose("hpet"), "");
    loose(isa, List.of("isa-pit", "isa-pcspk"));
    ports(isa, extras);
    floppies(isa, drives);
    loose(isa, List.of("i8042", "vmport", "vmmouse", "port92"));
    network(pci, extras, "e1000", slot);
    eeproms(power);
  }

  private void q35(Onboard extras, BoardDrives drives) {
    Device host = child(tree.machine(), "q35", "q35-pcihost");
    on(system, host, "");
    Bus pci = new Bus("PCIE", "pcie.0", host, false, 0);
    host.addBus(pci);
    on(pci, child(host, "mch", "mch"), "00.0");
    Device isaBridge = loose("ICH9-LPC");
    on(pci, isaBridge, "1f.0");
    Bus isa = new Bus("ISA", "isa.0", isaBridge, false, 0);
    isaBridge.addBus(isa);
    loose(isa, List.of("isa-i8259", "isa-i8259"));
    on(system, loose("hpet"), "");
    loose(isa, List.of("isa-pit", "isa-pcspk"));
    ports(isa, extras);
    if (drives.has(DriveInterface.FLOPPY)) {
      floppies(isa, drives);
    }
    loose(isa, List.of("i8042", "vmport", "vmmouse", "port92"));
    Device ahci = loose("ich9-ahci");
    on(pci, ahci, "1f.2");
    ideBuses(ahci, AHCI_BUSES);
    drives.plugDisks(AHCI_BUSES);
    Device smbus = loose("ICH9-SMB");
    on(pci, smbus, "1f.3");
    eeproms(smbus);
    int slot = display(pci, extras, FIRST_Q35_SLOT);
    network(pci, extras, "e1000e", slot);
  }

  private void ports(Bus isa, Onboard extras) {
    for (int i = 0; i < extras.serialPorts(); i++) {
      on(isa, loose("isa-serial"), "");
    }
    for (int i = 0; i < extras.parallelPorts(); i++) {
      on(isa, loose("isa-parallel"), "");
    }
  }

  private void floppies(Bus isa, BoardDrives drives) {
    Device controller = loose("isa-fdc");
    on(isa, controller, "");
    controller.addBus(new Bus("floppy-bus", "floppy-bus.0", controller, false, 0));
    drives.plugFloppies();
  }

  /** Returns the next free slot. */
  private int display(Bus pci, Onboard extras, int slot) {
    if (extras.display().isEmpty()) {
      return slot;
    }
    on(pci, loose(extras.display()), PropertyRules.slotAndFunction(slot * FUNCTIONS));
    return slot + 1;
  }

  private void network(Bus pci, Onboard extras, String type, int slot) {
    if (extras.network()) {
      on(pci, loose(type), PropertyRules.slotAndFunction(slot * FUNCTIONS));
    }
  }

  private void eeproms(Device controller) {
    Bus bus = new Bus("i2c-bus", "i2c", controller, false, 0);
    controller.addBus(bus);
    for (int i = 0; i < EEPROMS; i++) {
      on(bus, loose("smbus-eeprom"), "");
    }
  }

  private static void ideBuses(Device controller, int count) {
    for (int i = 0; i < count; i++) {
      controller.addBus(new Bus("IDE", "ide." + i, controller, false, 2));
    }
  }

  private void loose(Bus bus, List<String> types) {
    for (String type : types) {
      on(bus, loose(type), "");
    }
  }

  private Device loose(String type) {
    return child(tree.unattached(), nextUnattached(), type);
  }

  private Device child(QomObject parent, String name, String type) {
    QomType found = QomTypes.find(type);
    if (found == null) {
      throw new IllegalStateException("the table of types lacks " + type);
    }
    Device device = new Device(found, rules);
    parent.addChild(name, device);
    made.accept(device);
    return device;
  }

  private static void on(Bus bus, Device device, String address) {
    device.plugInto(bus);
    if (!address.isEmpty()) {
      device.put("addr", AnyValue.of(address));
    }
    device.setRealized(false);
  }
}
