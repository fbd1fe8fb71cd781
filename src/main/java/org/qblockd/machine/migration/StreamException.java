// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine.migration;

/**
 * The peer said something that is not part of the stream, or refused. Its message is a sentence.
 */
final class StreamException extends Exception {
  private static final long serialVersionUID = 1;

  StreamException(String sentence) {
    super(sentence);
  }

  /** The sentence. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
