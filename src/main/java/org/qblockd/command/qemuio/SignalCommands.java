// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The commands by which a test lets the server die: {@code sigraise}, {@code abort}. Lane. */
final class SignalCommands {
  private static final int SIGABRT = 6;

  private SignalCommands() {}

  static QemuIoCommand sigraise() {
    return new SimpleCommand(
        new QemuIoCommand.Description("sigraise", "", 1, 1, 0, "signal", "raises a signal"),
        (device, arguments) -> raise(device, Transfer.size(arguments.getFirst())));
  }

  static QemuIoCommand abort() {
    return new SimpleCommand(
        new QemuIoCommand.Description(
            "abort", "", 0, 0, 0, null, "simulate a program crash using abort(3)"),
        (device, arguments) -> raise(device, SIGABRT));
  }

  /** kill(1) sends it: the JVM has no call for that. Returns when it has been sent. */
  private static void raise(Device device, long signal) {
    device.io().out().flush();
    String self = Long.toString(ProcessHandle.current().pid());
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + signal, self)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      kill.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
