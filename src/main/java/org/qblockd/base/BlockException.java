// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong below the QMP border: an error number for I/O paths and policies, and the sentence
 * that QEMU would report. Immutable; any thread.
 */
public final class BlockException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  private BlockException(Errno errno, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.errno = errno;
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
