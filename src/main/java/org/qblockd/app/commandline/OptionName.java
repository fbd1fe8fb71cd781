// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import org.jspecify.annotations.Nullable;

/**
 * The options of the emulator's command line. They may be written with one dash or two. Immutable;
 * any thread.
 */
enum OptionName {
  H("h", Use.HELP),
  HELP("help", Use.HELP),
  VERSION("version", Use.HELP),

  // About the process.
  ADD_FD("add-fd", Use.PROCESS, true),
  D_LARGE("D", Use.PROCESS, true),
  D("d", Use.PROCESS, true),
  DAEMONIZE("daemonize", Use.PROCESS),
  INCOMING("incoming", Use.PROCESS, true),
  LOADVM("loadvm", Use.PROCESS, true),
  MSG("msg", Use.PROCESS, true),
  NAME("name", Use.PROCESS, true),
  PIDFILE("pidfile", Use.PROCESS, true),
  PRECONFIG("preconfig", Use.PROCESS),
  S("S", Use.PROCESS),
  SANDBOX("sandbox", Use.PROCESS, true),
  TRACE("trace", Use.PROCESS, true),
  UUID("uuid", Use.PROCESS, true),
  ACTION("action", Use.PROCESS, true),
  NO_REBOOT("no-reboot", Use.PROCESS),
  NO_SHUTDOWN("no-shutdown", Use.PROCESS),
  WATCHDOG_ACTION("watchdog-action", Use.PROCESS, true),
  RUN_WITH("run-with", Use.PROCESS, true),
  RECORD("record", Use.PROCESS, true),
  QEMU_VERSION("qemu-version", Use.PROCESS, true),
  OVERCOMMIT("overcommit", Use.PROCESS, true),
  X_DASHBOARD("x-dashboard", Use.PROCESS, true),

  // Monitors, character devices, disks, objects, devices.
  CHARDEV("chardev", Use.BACK_END, true),
  MON("mon", Use.BACK_END, true),
  MONITOR("monitor", Use.BACK_END, true),
  QMP("qmp", Use.BACK_END, true),
  QMP_PRETTY("qmp-pretty", Use.BACK_END, true),
  OBJECT("object", Use.BACK_END, true),
  DEVICE("device", Use.BACK_END, true),
  BLOCKDEV("blockdev", Use.BACK_END, true),
  DRIVE("drive", Use.BACK_END, true),
  HDA("hda", Use.BACK_END, true),
  HDB("hdb", Use.BACK_END, true),
  HDC("hdc", Use.BACK_END, true),
  HDD("hdd", Use.BACK_END, true),
  CDROM("cdrom", Use.BACK_END, true),
  FDA("fda", Use.BACK_END, true),
  FDB("fdb", Use.BACK_END, true),
  MTDBLOCK("mtdblock", Use.BACK_END, true),
  SD("sd", Use.BACK_END, true),
  PFLASH("pflash", Use.BACK_END, true),
  SNAPSHOT("snapshot", Use.BACK_END),
  GLOBAL("global", Use.BACK_END, true),
  SET("set", Use.BACK_END, true),
  READCONFIG("readconfig", Use.BACK_END, true),

  // About the machine that is not there, with checks of their own.
  MACHINE("machine", Use.GUEST, true),
  M_LARGE("M", Use.GUEST, true),
  ACCEL("accel", Use.GUEST, true),
  ENABLE_KVM("enable-kvm", Use.GUEST),
  CPU("cpu", Use.GUEST, true),
  SMP("smp", Use.GUEST, true),
  M("m", Use.GUEST, true),
  BOOT("boot", Use.GUEST, true),
  DISPLAY("display", Use.GUEST, true),
  NOGRAPHIC("nographic", Use.GUEST),
  VGA("vga", Use.GUEST, true),
  SERIAL("serial", Use.GUEST, true),
  PARALLEL("parallel", Use.GUEST, true),
  DEBUGCON("debugcon", Use.GUEST, true),
  QTEST("qtest", Use.GUEST, true),
  NET("net", Use.GUEST, true),
  NIC("nic", Use.GUEST, true),
  NETDEV("netdev", Use.GUEST, true),
  RTC("rtc", Use.GUEST, true),
  NUMA("numa", Use.GUEST, true),
  ICOUNT("icount", Use.GUEST, true),
  COMPAT("compat", Use.GUEST, true),
  SEED("seed", Use.GUEST, true),
  FW_CFG("fw_cfg", Use.GUEST, true),
  OPTION_ROM("option-rom", Use.GUEST, true),
  TPMDEV("tpmdev", Use.GUEST, true),
  FSDEV("fsdev", Use.GUEST, true),
  VIRTFS("virtfs", Use.GUEST, true),
  ISCSI("iscsi", Use.GUEST, true),
  AUDIODEV("audiodev", Use.GUEST, true),
  AUDIO("audio", Use.GUEST, true),
  VNC("vnc", Use.GUEST, true),
  SPICE("spice", Use.GUEST, true),
  SMBIOS("smbios", Use.GUEST, true),
  ACPITABLE("acpitable", Use.GUEST, true),
  KERNEL("kernel", Use.GUEST, true),
  INITRD("initrd", Use.GUEST, true),
  APPEND("append", Use.GUEST, true),
  DTB("dtb", Use.GUEST, true),
  SHIM("shim", Use.GUEST, true),
  DUMP_VMSTATE("dump-vmstate", Use.GUEST, true),
  DFILTER("dfilter", Use.GUEST, true),
  PLUGIN("plugin", Use.GUEST, true),
  L("L", Use.GUEST, true),
  GDB("gdb", Use.GUEST, true),
  S_SMALL("s", Use.GUEST),
  USBDEVICE("usbdevice", Use.GUEST, true),
  ECHR("echr", Use.GUEST, true),

  // About the machine that is not there; nothing in them can be wrong, or shows.
  BIOS("bios", Use.IGNORED, true),
  ENABLE_SYNC_PROFILE("enable-sync-profile", Use.IGNORED),
  FULL_SCREEN("full-screen", Use.IGNORED),
  JITDUMP("jitdump", Use.IGNORED),
  K("k", Use.IGNORED, true),
  MEM_PATH("mem-path", Use.IGNORED, true),
  MEM_PREALLOC("mem-prealloc", Use.IGNORED),
  NO_FD_BOOTCHK("no-fd-bootchk", Use.IGNORED),
  NO_USER_CONFIG("no-user-config", Use.IGNORED),
  NODEFAULTS("nodefaults", Use.GUEST),
  ONLY_MIGRATABLE("only-migratable", Use.IGNORED),
  PERFMAP("perfmap", Use.IGNORED),
  QTEST_LOG("qtest-log", Use.GUEST, true),
  USB("usb", Use.IGNORED),
  WIN2K_HACK("win2k-hack", Use.IGNORED),
  XEN_DOMID("xen-domid", Use.IGNORED, true),

  // For machines of other architectures.
  G("g", Use.FOREIGN, true),
  OLD_PARAM("old-param", Use.FOREIGN),
  PROM_ENV("prom-env", Use.FOREIGN, true),
  SEMIHOSTING("semihosting", Use.FOREIGN),
  SEMIHOSTING_CONFIG("semihosting-config", Use.FOREIGN, true),
  XEN_ATTACH("xen-attach", Use.FOREIGN),
  XEN_DOMID_RESTRICT("xen-domid-restrict", Use.FOREIGN);

  /** What an option is about. */
  enum Use {
    HELP,
    PROCESS,
    BACK_END,
    GUEST,
    IGNORED,
    FOREIGN
  }

  private static final OptionName[] ALL = values();

  private final String word;
  private final Use use;
  private final boolean hasArgument;

  OptionName(String word, Use use) {
    this(word, use, false);
  }

  OptionName(String word, Use use, boolean hasArgument) {
    this.word = word;
    this.use = use;
    this.hasArgument = hasArgument;
  }

  boolean hasArgument() {
    return hasArgument;
  }

  Use use() {
    return use;
  }

  /** The option that {@code argument} spells, dashes included, or null. */
  static @Nullable OptionName find(String argument) {
    String name = argument.substring(argument.startsWith("--") ? 2 : 1);
    for (OptionName option : ALL) {
      if (option.word.equals(name)) {
        return option;
      }
    }
    return null;
  }
}
