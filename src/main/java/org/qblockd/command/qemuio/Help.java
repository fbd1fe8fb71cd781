// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.List;

/** {@code help}: all commands, or one. */
final class Help implements QemuIoCommand {
  private final QemuIo interpreter;

  Help(QemuIo interpreter) {
    this.interpreter = interpreter;
  }

  @Override
  public Description description() {
    return new Description("help", "?", 0, 1, 0, "[command]", "help for one or all commands");
  }

  @Override
  public void run(Device device, List<String> arguments) {
    if (arguments.isEmpty()) {
      for (QemuIoCommand command : interpreter.commands()) {
        device.print(command.description().usage());
      }
      device.print("\nUse 'help commandname' for extended help.");
      return;
    }
    QemuIoCommand command = interpreter.find(arguments.getFirst());
    if (command == null) {
      device.print("command " + arguments.getFirst() + " not found");
      return;
    }
    device.print(command.description().usage());
    String more = HelpTexts.of(command.description().name());
    if (more != null) {
      device.print("\n" + more);
    }
  }
}
