// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app;

import java.util.List;
import org.qblockd.app.commandline.CommandLineException;
import org.qblockd.app.commandline.Located;
import org.qblockd.app.commandline.NetOption;
import org.qblockd.machine.Machine;
import org.qblockd.machine.net.NetBackends;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.types.Netdev;

/** Makes the network back ends of the command line. Main thread. */
final class NetSetup {
  private static final int TWO_DIGITS = 100;

  private final Machine machine;
  private int made;

  NetSetup(Machine machine) {
    this.machine = machine;
  }

  /** Makes them in the order given. */
  void open(List<Located<NetOption>> options) throws CommandLineException {
    for (Located<NetOption> option : options) {
      try {
        open(option.value());
      } catch (QmpException e) {
        throw new CommandLineException(option.location(), e);
      }
    }
  }

  private void open(NetOption option) throws QmpException {
    NetBackends nets = machine.nets();
    String needed = option.needed();
    if (needed != null && !nets.test(needed)) {
      throw QmpException.generic("netdev '" + needed + "' not found");
    }
    Netdev backEnd = option.backEnd();
    String id = backEnd == null ? null : add(backEnd);
    if (option.onHub()) {
      nets.joinFirstHub(id);
    }
  }

  private String add(Netdev backEnd) throws QmpException {
    String id = backEnd.id().isEmpty() ? freeName() : backEnd.id();
    machine.nets().add(backEnd, id);
    return id;
  }

  /** A name as QEMU makes it: a number and two random digits. */
  private String freeName() {
    return "#net%d%02d".formatted(made++, machine.clock().realtimeMicros() % TWO_DIGITS);
  }
}
