// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

/** The handshake has failed and the connection is of no use any more. Immutable; any thread. */
public final class NegotiationException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A sentence without full stop. */
  public NegotiationException(String message) {
    super(message);
  }

  /** The sentence; never null. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
