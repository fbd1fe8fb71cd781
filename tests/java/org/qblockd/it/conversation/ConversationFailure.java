// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

/** The server said or did something else than the file expects. */
final class ConversationFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConversationFailure(String message) {
    super(message);
  }
}
