// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

/**
 * The user of a character device inside this program: a QMP or human monitor, the test protocol, a
 * network filter. A device has at most one, a multiplexer up to four.
 */
public interface FrontEnd {

  /**
   * The other side of the device is there: a client has connected, or the device was open from the
   * beginning. What the front end has to say first it may write at once. Called on the device's
   * thread, or for a device that is always open on the thread that claims it.
   *
   * @return who gets what that side sends, until it is detached
   */
  Receiver connect(Connection connection);

  /** Whether the device's back end may be exchanged under it, by chardev-change. */
  default boolean bearsChange() {
    return false;
  }
}
