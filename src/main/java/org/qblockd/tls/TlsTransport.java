// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What TLS runs over: a blocking stream of bytes. One thread reads, one at a time writes. */
public interface TlsTransport {
  /** Reads what is there, at least one byte; -1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /** Writes all that remains in {@code from}. */
  void write(ByteBuffer from) throws IOException;

  /** Ends both directions; wakes threads that wait. Any thread. */
  void close();
}
