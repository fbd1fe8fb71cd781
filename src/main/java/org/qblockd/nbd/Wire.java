// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream of bytes to and from the peer. One thread reads, one writes. */
public interface Wire {
  /**
   * Fills {@code into} up to its limit.
   *
   * @throws java.io.EOFException when the peer ends before
   */
  void read(ByteBuffer into) throws IOException;

  /** Writes all that remains in {@code from}. */
  void write(ByteBuffer from) throws IOException;
}
