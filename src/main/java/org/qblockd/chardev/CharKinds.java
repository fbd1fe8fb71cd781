// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.util.List;

/** The kinds of back ends that can be made, in the order in which QEMU tells them. Stateless. */
public final class CharKinds {
  private static final List<String> ALL =
      List.of(
          "testdev",
          "serial",
          "wctablet",
          "file",
          "udp",
          "memory",
          "parallel",
          "vc",
          "socket",
          "msmouse",
          "null",
          "hub",
          "pty",
          "qemu-vdagent",
          "pipe",
          "mux",
          "ringbuf",
          "stdio");

  private CharKinds() {}

  /** As query-chardev-backends lists them. */
  public static List<String> all() {
    return ALL;
  }

  /** As the help of the command line lists them. */
  public static List<String> inHelp() {
    return ALL.reversed();
  }
}
