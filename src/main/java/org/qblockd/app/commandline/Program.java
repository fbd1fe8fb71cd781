// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

/** Which of QEMU's programs this process stands for. Immutable; any thread. */
public enum Program {
  SYSTEM_EMULATOR("QEMU emulator"),
  STORAGE_DAEMON("qemu-storage-daemon");

  private static final String STORAGE_DAEMON_NAME = "qemu-storage-daemon";

  private final String title;

  Program(String title) {
    this.title = title;
  }

  /**
   * The program that goes by this name; under any other name than the daemon's it is the emulator.
   *
   * @param name the last part of the path that the process was started by
   */
  public static Program of(String name) {
    return name.equals(STORAGE_DAEMON_NAME) ? STORAGE_DAEMON : SYSTEM_EMULATOR;
  }

  /** What the version message begins with. */
  String title() {
    return title;
  }
}
