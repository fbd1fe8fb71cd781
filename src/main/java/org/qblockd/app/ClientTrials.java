// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.qblockd.app.commandline.CommandLine;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.Program;
import org.qblockd.machine.Machine;
import org.qblockd.monitor.Recording;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.Release;

/**
 * What the command line asks for so that clients can be tried; environment variables say the same
 * where a client starts the server itself. Main thread.
 */
final class ClientTrials {
  private ClientTrials() {}

  /** The older release that is presented, or null. */
  static @Nullable Release release(CommandLine line) throws CommandLineException {
    String name = line.process().release().orElse(System.getenv("QBLOCKD_QEMU_VERSION"));
    if (name == null || name.isEmpty()) {
      return null;
    }
    try {
      return Release.of(name, line.program() == Program.STORAGE_DAEMON);
    } catch (QmpException e) {
      throw new CommandLineException("--qemu-version " + name, e);
    }
  }

  /** Where what is said is written down, or null. */
  static @Nullable Recording recording(CommandLine line, Machine machine)
      throws CommandLineException {
    String file = line.process().recordFile().orElse(System.getenv("QBLOCKD_RECORD"));
    if (file == null || file.isEmpty()) {
      return null;
    }
    try {
      return new Recording(file, machine.version().package_());
    } catch (IOException e) {
      throw new CommandLineException("--record " + file, "cannot write: " + e.getMessage());
    }
  }
}
