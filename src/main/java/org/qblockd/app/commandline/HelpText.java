// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

/** What {@code -help} and {@code -version} print. Stateless; any thread. */
final class HelpText {
  private HelpText() {}

  static String version(Program program, String version) {
    return program.title() + " version 10.0.2 (qblockd-" + version + ")";
  }

  /** Of the storage daemon. */
  static String ofDaemon(String program) {
    return "Usage: "
        + program
        + " [options]\n"
        + """
        QEMU's storage daemon, without a machine: block nodes, jobs and exports behind QMP.
        What is asked for is made in the order of the options. Names may be cut short.

          -h, --help             print this text
          -V, --version          print the version
          -T, --trace PATTERN    taken for QEMU's sake, without effect
          --blockdev OPTIONS     a node, as blockdev-add takes it: driver=...,node-name=... or JSON
          --object OPTIONS       an object, as object-add takes it: qom-type=...,id=... or JSON;
                                 'help' lists the types, 'TYPE,help' the properties of one
          --chardev OPTIONS      a character device: BACKEND,id=ID,...; 'help' lists the kinds
          --monitor OPTIONS      QMP on a character device: [chardev=]ID[,pretty=on|off]
          --nbd-server OPTIONS   an NBD server: addr.type=unix,addr.path=PATH or
                                 addr.type=inet,addr.host=HOST,addr.port=PORT
          --export OPTIONS       a node for other programs: type=nbd,id=ID,node-name=NODE,...
          --pidfile FILE         write the process id there when all is made
          --daemonize            go on in the background when all is made
          --x-dashboard ADDRESS  a web page and an HTTP API: [HOST:]PORT[,token-file=FILE,...]\
        """;
  }

  static String of(String program, String version) {
    return version(Program.SYSTEM_EMULATOR, version)
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

        -snapshot           drives keep what is written only until the end

        Objects and devices:
        -object TYPE,id=ID[,...] or JSON    'help' lists the types, 'TYPE,help' the properties
        -device DRIVER[,id=ID][,...] or JSON   'help' lists the drivers
        -global DRIVER.PROPERTY=VALUE       another default
        -set GROUP.ID.KEY=VALUE             another value for an option given before
        -readconfig FILE                    options from a file

        Process:
        -S                  wait in the state prelaunch for 'cont'
        -name NAME          as query-name shows it
        -uuid UUID          as query-uuid shows it
        -pidfile FILE       write the process id there
        -daemonize          go on in the background when all is open
        -incoming URI       wait for the state of a machine; 'defer': until migrate-incoming
        -add-fd fd=FD,set=SET[,opaque=TEXT]   an open descriptor for /dev/fdset/SET
        -msg timestamp=on   messages with the time
        -action reboot=...,shutdown=...,panic=...,watchdog=...
        -accel qtest, -qtest DEV   a clock that stands still but for clock_step
        -x-dashboard ADDRESS   a web page and an HTTP API: [HOST:]PORT[,token-file=FILE]
                            [,tls-cert=FILE,tls-key=FILE][,name=HOST]; 'on', 'off'
        -version, -help

        Checked for QEMU's sake, without effect: what describes a machine (-machine, -cpu, -smp, -m,
        -boot, -display, -vga, -netdev, -rtc, ...) and -trace, -sandbox, -d, -overcommit, ...\
        """;
  }
}
