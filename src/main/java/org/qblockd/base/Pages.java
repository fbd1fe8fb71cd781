// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.io.IOException;

/**
 * Bytes of a file that the kernel holds for us by reference, not as a copy: what is written to the
 * same place of the file before they are sent may be among them. One thread.
 */
public interface Pages extends AutoCloseable {
  /** How many bytes are left. */
  int bytes();

  /**
   * Sends all that is left, waiting for the peer.
   *
   * @param descriptor a connected socket, which the caller keeps open meanwhile
   */
  void sendTo(int descriptor) throws IOException;

  /** Lets go of what was not sent. */
  @Override
  void close();
}
