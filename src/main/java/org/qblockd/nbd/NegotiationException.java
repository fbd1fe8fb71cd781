// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

/** The handshake has failed and the connection is of no use any more. Immutable; any thread. */
public final class NegotiationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String hint;

  /** A sentence without full stop. */
  public NegotiationException(String message) {
    this(message, "");
  }

  /** A sentence without full stop, and what the peer said of it; may be empty. */
  public NegotiationException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** What the peer said; may be empty. */
  public String hint() {
    return hint;
  }

  /** The sentence; never null. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
