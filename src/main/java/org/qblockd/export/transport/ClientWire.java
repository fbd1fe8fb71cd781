// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.qblockd.base.Pages;
import org.qblockd.nbd.Wire;

/** The connection to a client. One thread reads, one at a time writes; any thread closes. */
public interface ClientWire extends Wire, AutoCloseable {
  /** Reads what is there, at least one byte; false at the end. */
  boolean readSome(ByteBuffer into) throws IOException;

  /** Whether it can {@link #send} pages. */
  default boolean takesPages() {
    return false;
  }

  /** Writes what is left of the pages. */
  default void send(Pages pages) throws IOException {
    throw new IOException("pages cannot be sent here");
  }

  /** Ends the connection after all that was written, and says so where the protocol can. */
  void finish();

  @Override
  void close();
}
