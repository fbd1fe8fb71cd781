// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a descriptor is a terminal, without a system call of ours. Stateless; any thread. */
final class TerminalCheck {
  private TerminalCheck() {}

  static boolean isTerminal(int fd) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException closed) {
      return false;
    }
  }
}
