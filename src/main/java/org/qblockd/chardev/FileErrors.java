// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import org.qblockd.base.Errno;

/** Error numbers that the JDK turned into text. Stateless; any thread. */
final class FileErrors {
  private FileErrors() {}

  static Errno errno(Throwable cause, Errno unknown) {
    String text = String.valueOf(cause.getMessage());
    for (Errno errno : Errno.values()) {
      if (text.contains(errno.text())) {
        return errno;
      }
    }
    return unknown;
  }
}
