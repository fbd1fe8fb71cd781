// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.Arrays;

/** The properties of machines: which names there are, and of what type. Stateless; any thread. */
final class MachineProperties {
  /** Those of every machine. */
  private static final String COMMON =
      "append:string aux-ram-share:bool boot:BootConfiguration"
          + " confidential-guest-support:link<confidential-guest-support> dt-compatible:string"
          + " dtb:string dump-guest-core:bool dumpdtb:string firmware:string graphics:bool"
          + " initrd:string kernel:string mem-merge:bool memory-backend:link<memory-backend>"
          + " memory-encryption:string memory:MemorySizeConfiguration phandle-start:int shim:string"
          + " smp-cache:SmpCachePropertiesWrapper smp:SMPConfiguration suppress-vmdesc:bool"
          + " usb:bool";

  /** Those of PCs besides. */
  private static final String PC =
      "acpi:OnOffAuto bus-lock-ratelimit:uint64_t default-bus-bypass-iommu:bool fd-bootchk:bool"
          + " hpet:bool i8042:bool max-fw-size:size max-ram-below-4g:size pcspk-audiodev:string"
          + " pic:OnOffAuto pit:OnOffAuto sata:bool sgx-epc:SgxEPC smbios-entry-point-type:str"
          + " smbus:bool smm:OnOffAuto vmport:OnOffAuto x-oem-id:string x-oem-table-id:string"
          + " x-south-bridge:string";

  private MachineProperties() {}

  private static String of(MachineType type) {
    return type.hasBuses() ? COMMON + " " + PC : COMMON;
  }

  /** Whether a machine of this type has the property. */
  static boolean has(MachineType type, String name) {
    // Two that are not listed, and what QEMU takes from the option before the machine sees it.
    return (" " + of(type) + " ").contains(" " + name + ":")
        || name.equals("type")
        || name.equals("accel")
        || type.hasBuses() && !type.name().startsWith("pc-");
  }

  /** What {@code -machine TYPE,help} prints. */
  static String list(MachineType type) {
    String[] all = of(type).split(" ", -1);
    Arrays.sort(all);
    StringBuilder list = new StringBuilder(type.name()).append("-machine options:");
    for (String property : all) {
      int colon = property.indexOf(':');
      list.append("\n  ").append(property, 0, colon).append("=<");
      list.append(property, colon + 1, property.length()).append('>');
    }
    return list.toString();
  }
}
