// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong below the QMP border: an error number for I/O paths and policies, and the
 * sentence that QEMU would report. Immutable; any thread.
 */
public final class BlockException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errno errno;
  private final String hint;

  private BlockException(Errno errno, String message, @Nullable Throwable cause) {
    this(errno, message, cause, cause instanceof BlockException below ? below.hint : "");
  }

  private BlockException(Errno errno, String message, @Nullable Throwable cause, String hint) {
    super(message, cause);
    this.errno = errno;
    this.hint = hint;
  }

  /** A failed request; its message is the text of the error number. */
  public static BlockException io(Errno errno) {
    return new BlockException(errno, errno.text(), null);
  }

  /** A failed request with the exception that caused it. */
  public static BlockException io(Errno errno, Throwable cause) {
    return new BlockException(errno, errno.text(), cause);
  }

  /** A complete sentence; {@code errno} serves I/O policies only and does not show. */
  public static BlockException of(Errno errno, String message) {
    return new BlockException(errno, message, null);
  }

  /** A sentence followed by {@code ": "} and the text of the error number. */
  public static BlockException withErrno(Errno errno, String context) {
    return new BlockException(errno, context + ": " + errno.text(), null);
  }

  /** An invalid argument or state: EINVAL and a complete sentence. */
  public static BlockException invalid(String message) {
    return new BlockException(Errno.EINVAL, message, null);
  }

  /** The same error, its message preceded by {@code prefix}. */
  public BlockException prefixed(String prefix) {
    return new BlockException(errno, prefix + message(), this);
  }

  /** The same error with a line for those who read it on standard error; QMP does not show it. */
  public BlockException hinted(String newHint) {
    return new BlockException(errno, message(), this, newHint);
  }

  /** What standard error shows on the line after the sentence; may be empty. */
  public String hint() {
    return hint;
  }

  /** The error number. */
  public Errno errno() {
    return errno;
  }

  /** The sentence; never null, unlike {@link #getMessage()}. */
  public String message() {
    String message = getMessage();
    return message == null ? errno.text() : message;
  }
}
