// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import org.jspecify.annotations.Nullable;

/**
 * The options of the command line. They may be written with one dash or two. Immutable; any thread.
 */
enum OptionName {
  H("h", false, Use.SERVED),
  HELP("help", false, Use.SERVED),
  VERSION("version", false, Use.SERVED),
  MACHINE("machine", true, Use.SERVED),
  M_LARGE("M", true, Use.SERVED),
  ACCEL("accel", true, Use.SERVED),
  CPU("cpu", true, Use.SERVED),
  SMP("smp", true, Use.SERVED),
  M("m", true, Use.SERVED),
  BOOT("boot", true, Use.SERVED),
  NAME("name", true, Use.SERVED),
  UUID("uuid", true, Use.SERVED),
  DISPLAY("display", true, Use.SERVED),
  VGA("vga", true, Use.SERVED),
  NOGRAPHIC("nographic", false, Use.IGNORED),
  NODEFAULTS("nodefaults", false, Use.IGNORED),
  NO_USER_CONFIG("no-user-config", false, Use.IGNORED),
  NO_REBOOT("no-reboot", false, Use.IGNORED),
  NO_SHUTDOWN("no-shutdown", false, Use.IGNORED),
  S("S", false, Use.SERVED),
  PIDFILE("pidfile", true, Use.SERVED),
  CHARDEV("chardev", true, Use.SERVED),
  MON("mon", true, Use.SERVED),
  MONITOR("monitor", true, Use.SERVED),
  QMP("qmp", true, Use.SERVED),
  QMP_PRETTY("qmp-pretty", true, Use.SERVED),
  SERIAL("serial", true, Use.SERVED),
  PARALLEL("parallel", true, Use.SERVED),
  NET("net", true, Use.SERVED),
  NIC("nic", true, Use.SERVED),
  QTEST("qtest", true, Use.SERVED),
  QTEST_LOG("qtest-log", true, Use.IGNORED),
  OBJECT("object", true, Use.SERVED),
  DEVICE("device", true, Use.SERVED),
  BLOCKDEV("blockdev", true, Use.SERVED),
  DRIVE("drive", true, Use.SERVED),
  HDA("hda", true, Use.SERVED),
  HDB("hdb", true, Use.SERVED),
  HDC("hdc", true, Use.SERVED),
  HDD("hdd", true, Use.SERVED),
  CDROM("cdrom", true, Use.SERVED),
  FDA("fda", true, Use.SERVED),
  FDB("fdb", true, Use.SERVED),
  MTDBLOCK("mtdblock", true, Use.SERVED),
  SD("sd", true, Use.SERVED),
  PFLASH("pflash", true, Use.SERVED),

  // QEMU has these; the parts of a machine that they configure are not here.
  ACTION("action", true, Use.REFUSED),
  ADD_FD("add-fd", true, Use.REFUSED),
  AUDIODEV("audiodev", true, Use.REFUSED),
  COMPAT("compat", true, Use.REFUSED),
  DAEMONIZE("daemonize", false, Use.REFUSED),
  GLOBAL("global", true, Use.REFUSED),
  INCOMING("incoming", true, Use.REFUSED),
  INITRD("initrd", true, Use.REFUSED),
  KERNEL("kernel", true, Use.REFUSED),
  LOADVM("loadvm", true, Use.REFUSED),
  MSG("msg", true, Use.REFUSED),
  NETDEV("netdev", true, Use.REFUSED),
  PRECONFIG("preconfig", false, Use.REFUSED),
  READCONFIG("readconfig", true, Use.REFUSED),
  RUN_WITH("run-with", true, Use.REFUSED),
  SANDBOX("sandbox", true, Use.REFUSED),
  SET("set", true, Use.REFUSED),
  SNAPSHOT("snapshot", false, Use.REFUSED),
  TRACE("trace", true, Use.REFUSED);

  /** What becomes of an option. */
  enum Use {
    SERVED,
    IGNORED,
    REFUSED
  }

  private final String word;
  private final boolean hasArgument;
  private final Use use;

  OptionName(String word, boolean hasArgument, Use use) {
    this.word = word;
    this.hasArgument = hasArgument;
    this.use = use;
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
    for (OptionName option : values()) {
      if (option.word.equals(name)) {
        return option;
      }
    }
    return null;
  }
}
