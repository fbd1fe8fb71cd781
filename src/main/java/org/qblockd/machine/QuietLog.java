// SPDX-License-Identifier: Apache-2.0
package org.qblockd.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/** The log of {@code -D} and logfile: nothing is ever logged, but the file is made. Any thread. */
public final class QuietLog {
  private QuietLog() {}

  /** Makes an empty file; an error names it in QEMU's words. */
  public static void create(String name) throws BlockException {
    try {
      Files.newOutputStream(Path.of(name)).close();
    } catch (IOException e) {
      Errno why = e instanceof NoSuchFileException ? Errno.ENOENT : Errno.EACCES;
      throw BlockException.of(why, "Error opening logfile " + name + ": " + why.text());
    }
  }
}
