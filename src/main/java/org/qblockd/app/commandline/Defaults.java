// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.Set;
import org.qblockd.machine.device.Onboard;

/**
 * What a PC has by itself, unless the command line says otherwise or has a device of that kind, or
 * only a {@code -global} for one. Stateless; main thread.
 */
final class Defaults {
  private static final String[] DISKS = {"ide-cd", "ide-hd", "scsi-cd", "scsi-hd"};
  private static final String[] FLOPPIES = {"isa-fdc", "floppy"};
  private static final String[] DISPLAYS = {
    "VGA",
    "isa-vga",
    "isa-cirrus-vga",
    "cirrus-vga",
    "vmware-svga",
    "qxl-vga",
    "virtio-vga",
    "virtio-vga-gl",
    "ati-vga",
    "vhost-user-vga"
  };

  private Defaults() {}

  /**
   * Works out drives and devices; the ports are there already.
   *
   * @param drivers those that options name
   */
  static void apply(GuestOptions guest, Set<String> drivers) {
    MachineType type;
    try {
      type = guest.type();
    } catch (CommandLineException unknown) {
      // Told later, in its turn.
      return;
    }
    if (!type.isPc()) {
      return;
    }
    guest.defaultDisc = guest.defaults && !names(drivers, DISKS);
    guest.defaultFloppy = guest.defaults && !type.isQ35() && !names(drivers, FLOPPIES);
    guest.onboard =
        new Onboard(
            display(guest, drivers),
            ports(guest, GuestPort.Kind.SERIAL),
            ports(guest, GuestPort.Kind.PARALLEL),
            guest.defaults && !guest.network);
  }

  private static boolean names(Set<String> drivers, String[] kinds) {
    for (String kind : kinds) {
      if (drivers.contains(kind)) {
        return true;
      }
    }
    return false;
  }

  private static String display(GuestOptions guest, Set<String> drivers) {
    boolean usual = guest.vga.isEmpty() && guest.defaults && !names(drivers, DISPLAYS);
    if (usual || guest.vga.equals("std")) {
      return "VGA";
    }
    return guest.vga.equals("cirrus") ? "cirrus-vga" : "";
  }

  private static int ports(GuestOptions guest, GuestPort.Kind kind) {
    int count = 0;
    for (Located<GuestPort> port : guest.ports) {
      boolean there = port.value().kind() == kind && !port.value().device().equals("none");
      count += there ? 1 : 0;
    }
    return count;
  }
}
