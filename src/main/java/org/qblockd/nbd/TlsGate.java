// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a server that wants TLS grants a client before it: to begin it, or to give up. Only the
 * connection's thread. Source: the NBD protocol, FORCEDTLS; texts as QEMU sends them.
 */
final class TlsGate {
  private final StartTls tls;
  private @Nullable Wire secured;

  TlsGate(StartTls tls) {
    this.tls = tls;
  }

  /** The encrypted connection, or null while there is none. */
  @Nullable Wire secured() {
    return secured;
  }

  /**
   * Serves an option in the open.
   *
   * @param length bytes of its data, which are unread
   */
  void serve(int option, long length, OptionReader in, OptionReplies answers)
      throws IOException, NegotiationException {
    String refusal = "Option 0x" + Integer.toHexString(option) + " not permitted before TLS";
    switch (option) {
      case Nbd.OPT_STARTTLS -> {
        if (length != 0) {
          // No way leads from here to TLS.
          answers.unexpectedLength(option);
          throw new NegotiationException("option 'starttls' has unexpected length");
        }
        answers.acknowledge(option);
        start();
      }
      case Nbd.OPT_EXPORT_NAME -> throw new NegotiationException(refusal);
      default -> {
        in.skip(length);
        answers.refuse(option, Nbd.REP_ERR_TLS_REQD, refusal);
      }
    }
  }

  private void start() throws NegotiationException {
    try {
      secured = tls.start();
    } catch (IOException e) {
      throw new NegotiationException(OptionReader.sentence(e));
    }
  }
}
