// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

import java.util.List;

/**
 * A type of machine, as far as drives care. Immutable; any thread.
 *
 * @param name the name given
 * @param hasBuses whether drives with {@code if=ide} and the like can be plugged in
 */
public record MachineType(String name, boolean hasBuses) {
  private static final List<String> PLAIN =
      List.of(
          "none", "pc", "q35", "microvm", "isapc", "xenfv", "xenpv", "x-remote", "nitro-enclave");

  /** Newest and oldest versions of the types that have some. */
  private static final String NEWEST = "10.0";

  static MachineType of(String name) throws CommandLineException {
    if (PLAIN.contains(name) || isVersioned(name, "pc-i440fx-") || isVersioned(name, "pc-q35-")) {
      return new MachineType(name, !name.equals("none"));
    }
    throw new CommandLineException(
        "",
        "unsupported machine type: \"" + name + "\"\nUse -machine help to list supported machines");
  }

  /** What {@code -machine help} prints. */
  static String list() {
    return "Supported machines are:\n" + String.join("\n", PLAIN);
  }

  private static boolean isVersioned(String name, String prefix) {
    if (!name.startsWith(prefix)) {
      return false;
    }
    String version = name.substring(prefix.length());
    return version.equals(NEWEST)
        || version.length() == 3
            && version.charAt(0) >= '2'
            && version.charAt(0) <= '9'
            && version.charAt(1) == '.'
            && Character.isDigit(version.charAt(2));
  }
}
