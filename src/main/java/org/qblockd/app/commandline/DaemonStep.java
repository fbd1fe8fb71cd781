// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

/**
 * An option of the storage daemon. It is read only when its turn has come, as in QEMU: what is
 * wrong with it is said after the options before it were followed. Immutable; any thread.
 */
public record DaemonStep(Kind kind, String argument) {

  /** What is to be made, or done: HELP prints its argument and ends, UNEXPECTED ends. */
  public enum Kind {
    BLOCKDEV,
    CHARDEV,
    EXPORT,
    HELP,
    MONITOR,
    NBD_SERVER,
    OBJECT,
    TRACE,
    UNEXPECTED
  }
}
