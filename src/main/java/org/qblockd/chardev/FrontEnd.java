// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

/**
 * The user of a character device inside this program: a QMP or human monitor, the test protocol, a
 * network filter. A device has at most one.
 */
public interface FrontEnd {

  /**
   * The other side of the device is there: a client has connected, or the device was open from the
   * beginning. Called on the device's thread, before any byte is passed; what the front end has to
   * say first it may write at once.
   *
   * @return who gets what that side sends, until it is detached
   */
  Receiver connect(Connection connection);
}
