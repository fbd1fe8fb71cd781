// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

/**
 * The end of a process in which data that must be equal differ: as in QEMU nothing more is done
 * with them. Any thread.
 */
final class Verification {
  private Verification() {}

  /** Prints the line on standard error and ends the process with status 1. */
  static void fail(String line) {
    System.err.println(line);
    System.err.flush();
    System.out.flush();
    Runtime.getRuntime().halt(1);
  }
}
