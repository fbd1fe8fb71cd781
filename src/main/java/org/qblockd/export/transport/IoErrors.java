// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export.transport;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.qblockd.base.Errno;

/** The error numbers that the JDK has turned into exceptions and text. Any thread. */
final class IoErrors {
  private IoErrors() {}

  static Errno of(IOException problem, Errno unknown) {
    if (problem instanceof NoSuchFileException) {
      return Errno.ENOENT;
    }
    if (problem instanceof AccessDeniedException) {
      return Errno.EACCES;
    }
    String text = String.valueOf(problem.getMessage());
    for (Errno errno : Errno.values()) {
      if (text.contains(errno.text())) {
        return errno;
      }
    }
    return unknown;
  }
}
