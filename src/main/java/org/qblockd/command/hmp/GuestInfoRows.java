// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;
import org.qblockd.qapi.QmpException;

/** {@code info} about parts of a machine that is not there, as QEMU answers. Control lane. */
final class GuestInfoRows {
  private static final String NO_CPU = "No CPU available\n";

  private final List<HmpCommand> rows = new ArrayList<>();

  private GuestInfoRows() {}

  static List<HmpCommand> rows() {
    GuestInfoRows all = new GuestInfoRows();
    all.addCpus();
    all.addMemory();
    all.addDevices();
    all.addRocker();
    all.addVirtio();
    return all.rows;
  }

  private void says(String name, String summary, String text) {
    says(name, "", "", summary, text);
  }

  private void says(String name, String notation, String synopsis, String summary, String text) {
    rows.add(new HmpCommand(name, notation, synopsis, summary, call -> call.print(text)));
  }

  private void fails(String name, String summary, String text) {
    rows.add(
        new HmpCommand(
            name,
            "",
            "",
            summary,
            call -> {
              throw QmpException.generic(text);
            }));
  }

  private void addCpus() {
    says("cpus", "list the CPUs", "");
    fails(
        "hotpluggable-cpus",
        "list the CPUs that can be added",
        "machine does not support hot-plugging CPUs");
    says("irq", "count the interrupts", "");
    says("lapic", "apic-id?:l", "[apic-id]", "show a local interrupt controller", NO_CPU);
    says("mem", "list the mapped virtual memory", NO_CPU);
    says("pic", "show the interrupt controllers", "");
    rows.add(
        new HmpCommand(
            "registers",
            "-a vcpu?:i",
            "[-a|vcpu]",
            "show the registers of a CPU (-a: of all)",
            call -> {
              if (call.has("vcpu")) {
                call.print("CPU#%d not available\n".formatted(call.number("vcpu")));
              } else {
                call.print(call.has("a") ? "" : NO_CPU);
              }
            }));
    says("replay", "show how far a replay is", "Record/replay is not active\n");
    says("tlb", "show how virtual memory is translated", NO_CPU);
    says(
        "vcpu_dirty_limit",
        "show how fast CPUs may write memory",
        "Dirty page limit not enabled!\n");
  }

  private void addMemory() {
    fails("balloon", "show how much memory the guest uses", "No balloon device has been activated");
    says("dump", "show how far a dump of the guest's memory is", "Status: none\n");
    says("memory-devices", "list the memory devices", "");
    says(
        "memory_size_summary",
        "show how much memory there is, in bytes",
        "base memory: 0\nplugged memory: 0\n");
    says("numa", "list the NUMA nodes", "0 nodes\n");
    says("opcount", "count the translator's operations", "[TCG profiler not compiled]\n");
    says("roms", "list the ROMs", "");
    says("sev", "show whether memory is encrypted", "SEV is not enabled\n");
    says("sgx", "show the enclaves", "SGX is only supported on PC machines\n");
    fails(
        "vm-generation-id",
        "show the ID of this life of the machine",
        "VM Generation ID device not found");
  }

  private void addDevices() {
    says("capture", "list the captures of sound", "");
    says("cryptodev", "list the crypto devices", "");
    says("mice", "list the mice", "No mouse devices connected\n");
    says("pci", "list the PCI devices", "");
    says("spice", "show the SPICE server", "Server: disabled\n");
    says("tpm", "list the TPM devices", "");
    fails("usb", "list the USB devices", "USB support not enabled");
    says("usbhost", "list the host's USB devices", "");
    says("vnc", "show the VNC server", "None\n");
  }

  private void addRocker() {
    rocker("rocker", "name:s", "name", "show a Rocker switch");
    rocker(
        "rocker-of-dpa-flows",
        "name:s tbl_id?:i",
        "name [tbl_id]",
        "list the flows of a Rocker switch");
    rocker(
        "rocker-of-dpa-groups",
        "name:s type?:i",
        "name [type]",
        "list the groups of a Rocker switch");
    rocker("rocker-ports", "name:s", "name", "list the ports of a Rocker switch");
  }

  private void rocker(String name, String notation, String synopsis, String summary) {
    rows.add(
        new HmpCommand(
            name,
            notation,
            synopsis,
            summary,
            call -> {
              throw QmpException.generic("rocker " + call.text("name") + " not found");
            }));
  }

  private void addVirtio() {
    fails("virtio", "list the virtio devices", "No virtio devices found");
    virtio(
        "virtio-queue-element",
        "path:s queue:i index?:i",
        "path queue [index]",
        "show an element of a virtio queue",
        " is not a VirtIODevice");
    virtio(
        "virtio-queue-status",
        "path:s queue:i",
        "path queue",
        "show a virtio queue",
        " is not a VirtIODevice");
    virtio(
        "virtio-status",
        "path:s",
        "path",
        "show a virtio device",
        " is not a realized VirtIODevice");
    virtio(
        "virtio-vhost-queue-status",
        "path:s queue:i",
        "path queue",
        "show a vhost device's queue",
        " is not a VirtIODevice");
  }

  private void virtio(
      String name, String notation, String synopsis, String summary, String complaint) {
    rows.add(
        new HmpCommand(
            name,
            notation,
            synopsis,
            summary,
            call -> {
              throw QmpException.generic("Path " + call.text("path") + complaint);
            }));
  }
}
