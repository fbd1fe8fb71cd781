// SPDX-License-Identifier: Apache-2.0
package org.qblockd.tls;

import java.io.IOException;

/** TLS could not be set up or has ended unduly. Immutable; any thread. */
public final class TlsFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** A sentence without full stop, as QEMU says it. */
  public TlsFailure(String message) {
    super(message);
  }

  /** The same with what led to it. */
  public TlsFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** The sentence; never null. */
  public String message() {
    return String.valueOf(getMessage());
  }
}
