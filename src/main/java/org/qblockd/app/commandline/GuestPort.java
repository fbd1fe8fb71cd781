// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

/**
 * A port of the machine that leads to a character device. Immutable; any thread.
 *
 * @param device the device in the short form
 */
public record GuestPort(Kind kind, String device) {

  /** What kind of port. */
  public enum Kind {
    SERIAL,
    PARALLEL,
    DEBUGCON;

    /** As in names of devices and in messages. */
    public String text() {
      return this == SERIAL ? "serial" : this == PARALLEL ? "parallel" : "debugcon";
    }
  }
}
