// SPDX-License-Identifier: Apache-2.0
package org.qblockd.app.commandline;

/**
 * The command line asks for a text instead of a server, as {@code -version} and {@code -device
 * help} do. Immutable; any thread.
 */
public final class HelpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String text;
  private final int status;

  /** A text for standard output; the program then ends well. */
  public HelpException(String text) {
    this(text, 0);
  }

  /**
   * A text for standard output.
   *
   * @param text without the last line feed
   * @param status how the program ends after it
   */
  public HelpException(String text, int status) {
    super(text, null, false, false);
    this.text = text;
    this.status = status;
  }

  /** What to print; a line feed follows it. */
  public String text() {
    return text;
  }

  /** The exit status. */
  public int status() {
    return status;
  }
}
