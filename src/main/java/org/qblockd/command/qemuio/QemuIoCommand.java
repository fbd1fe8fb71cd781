// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/** One command of qemu-io. Control lane. */
interface QemuIoCommand {
  /**
   * How the command is called and described.
   *
   * @param name the name
   * @param alias a short name, or empty
   * @param minArguments the least number of arguments
   * @param maxArguments the largest number, -1 for any
   * @param permissions what it needs of the device, a mask of {@code Permission}
   * @param synopsis the arguments in usage texts, null where QEMU shows none
   * @param summary what it does, in one line
   */
  record Description(
      String name,
      String alias,
      int minArguments,
      int maxArguments,
      int permissions,
      @Nullable String synopsis,
      String summary) {
    /** The usage line. */
    String usage() {
      return (synopsis == null ? name : name + " " + synopsis) + " -- " + summary;
    }
  }

  /** The description. */
  Description description();

  /** Runs the command; prints what qemu-io prints. An exception's message goes to the monitor. */
  void run(Device device, List<String> arguments) throws BlockException, Misuse;

  /** Wrong use: the message goes to standard output, after it the usage if asked for. */
  final class Misuse extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean showUsage;

    Misuse(String message, boolean showUsage) {
      super(message);
      this.showUsage = showUsage;
    }

    boolean showUsage() {
      return showUsage;
    }
  }
}
