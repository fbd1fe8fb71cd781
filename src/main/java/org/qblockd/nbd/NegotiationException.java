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

  /** The same with what standard error shows below it. */
  public NegotiationException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  /** What standard error shows below the sentence; may be empty. */
  public String hint() {
    return hint;
  }

  /** The sentence; never null. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
