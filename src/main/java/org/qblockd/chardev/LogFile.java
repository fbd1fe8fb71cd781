// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** The copy of a device's output in a file. Any thread, one at a time. */
final class LogFile {
  private final FileOutputStream out;

  private LogFile(FileOutputStream out) {
    this.out = out;
  }

  static LogFile create(String path, Optional<Boolean> append) throws BlockException {
    try {
      return new LogFile(new FileOutputStream(path, append.orElse(false)));
    } catch (IOException e) {
      throw BlockException.withErrno(
          FileErrors.errno(e, Errno.EACCES), "Could not create '" + path + "'");
    }
  }

  /** Losing a part of the copy must not stop the device. */
  @SuppressWarnings("EmptyCatch")
  void write(byte[] bytes, int from, int to) {
    try {
      out.write(bytes, from, to - from);
    } catch (IOException full) {
      // As in QEMU, nobody is told.
    }
  }

  void close() {
    try {
      out.close();
    } catch (IOException e) {
      return;
    }
  }
}
