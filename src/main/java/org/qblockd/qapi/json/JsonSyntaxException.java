// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

/**
 * Text that is not JSON as QEMU accepts it; the message is QEMU's sentence. Immutable; any thread.
 */
public final class JsonSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String description;

  JsonSyntaxException(String description) {
    super(description, null, false, false);
    this.description = description;
  }

  /** The sentence for the client. */
  public String description() {
    return description;
  }
}
