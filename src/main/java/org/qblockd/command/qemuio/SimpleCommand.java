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
}
