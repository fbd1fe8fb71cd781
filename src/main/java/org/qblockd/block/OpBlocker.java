// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** Why an operation is refused; each blocker is an object of its own, compared by identity. */
public final class OpBlocker {
  private final String sentence;

  /** A blocker with the words that follow {@code Node 'x' is busy: }. */
  public OpBlocker(String sentence) {
    this.sentence = sentence;
  }

  /** The reason in words. */
  public String sentence() {
    return sentence;
  }
}
