// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

/** What keys of a multiplexer do to the whole server. Called by a device's thread. */
public interface MuxKeys {

  /** C-a x: ends the server. */
  void quit();

  /** C-a s: writes the changes of all drives into their backing files. */
  void commitAll();
}
