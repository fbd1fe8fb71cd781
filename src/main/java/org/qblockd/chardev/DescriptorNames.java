// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.qblockd.qapi.QmpException;

/**
 * What a socket address of the type {@code fd} means: on the command line a number, else a name.
 */
public interface DescriptorNames {

  /**
   * The descriptor, which from now on belongs to the device.
   *
   * @throws QmpException when there is none
   */
  int take(String text) throws QmpException;

  /** Numbers of the process's own descriptors. */
  static int number(String text) throws QmpException {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw QmpException.generic("Unable to parse FD number " + text);
    }
  }
}
