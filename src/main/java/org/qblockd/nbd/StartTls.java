// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import java.io.IOException;

/** Turns a plain connection into one with TLS, in the middle of a handshake. */
public interface StartTls {
  /**
   * Does TLS' own handshake.
   *
   * @return what is encrypted from now on
   * @throws IOException with a sentence about what went wrong
   */
  Wire start() throws IOException;
}
