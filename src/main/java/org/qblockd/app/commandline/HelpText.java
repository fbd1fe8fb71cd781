// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

/** What {@code -help} and {@code -version} print. Stateless; any thread. */
final class HelpText {
  private HelpText() {}

  static String version(String version) {
    return "QEMU emulator version 10.0.2 (qblockd-" + version + ")";
  }

  static String of(String program, String version) {
    return version(version)
        + "\nusage: "
        + program
        + " [options] [disk_image]\n"
        + """

        Without options: QMP on a unix socket and on TCP, and a disk 'drive0' to try it with.

        Monitors:
        -qmp DEV            QMP on unix:PATH[,server=on][,wait=off], tcp:HOST:PORT[,...], stdio
        -qmp-pretty DEV     the same with replies spread over lines
        -chardev BACKEND,id=ID[,...]
                            socket (path=, host= and port=, or fd=; server=, wait=), stdio, null
        -mon [chardev=]ID,mode=control[,pretty=on]

        Disks:
        -blockdev OPTIONS   a node, as blockdev-add takes it: driver=...,node-name=... or JSON
        -drive OPTIONS      a drive: file=, format=, id=, if=none, cache=, discard=, read-only=, ...
        -hda FILE, -hdb, -hdc, -hdd, -cdrom, -fda, -fdb, -sd, -pflash, -mtdblock

        Process:
        -S                  wait in the state prelaunch for 'cont'
        -name NAME          as query-name shows it
        -pidfile FILE       write the process id there
        -version, -help

        Taken for QEMU's sake, without effect: -machine, -M, -accel, -cpu, -smp, -m, -boot, -uuid,
        -display none, -vga, -nographic, -nodefaults, -no-user-config, -serial none, -parallel none,
        -net none, -monitor none\
        """;
  }
}
