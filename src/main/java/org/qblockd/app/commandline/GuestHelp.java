// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

/** The lists that {@code help} prints for options about the machine. Stateless; any thread. */
final class GuestHelp {
  private GuestHelp() {}

  static String topology() {
    return """
    smp-opts options:
      books=<num>
      clusters=<num>
      cores=<num>
      cpus=<num>
      dies=<num>
      drawers=<num>
      maxcpus=<num>
      modules=<num>
      sockets=<num>
      threads=<num>\
    """;
  }

  static String boot() {
    return """
    boot-opts options:
      menu=<bool (on/off)>
      once=<str>
      order=<str>
      reboot-timeout=<num>
      splash=<str>
      splash-time=<num>
      strict=<bool (on/off)>\
    """;
  }
}
