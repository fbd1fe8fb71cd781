// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.List;
import org.qblockd.base.BlockException;

/** A command that is a description and a function. Control lane. */
record SimpleCommand(Description description, Body body) implements QemuIoCommand {
  /** What the command does. */
  interface Body {
    /** As {@link QemuIoCommand#run}. */
    void run(Device device, List<String> arguments) throws BlockException, Misuse;
  }

  @Override
  public void run(Device device, List<String> arguments) throws BlockException, Misuse {
    body.run(device, arguments);
  }

  /** The options of a command; getopt's complaint and the usage are shown for a wrong one. */
  static Options options(Device device, String name, List<String> arguments, String accepted)
      throws Misuse {
    try {
      return Options.parse(name, arguments, accepted);
    } catch (Options.OptionException wrong) {
      device.complain(String.valueOf(wrong.getMessage()));
      throw new Misuse("", true);
    }
  }
}
