// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import org.qblockd.base.BlockException;

/** What can be done with a descriptor by its number. Any thread. */
public final class Descriptors {
  private static final int S_IFSOCK = 0xC000;

  private Descriptors() {}

  /** Closes it. */
  public static void close(int fd) {
    int unused = Native.close(fd);
  }

  /** Whether it is an open socket. */
  public static boolean isSocket(int fd) {
    try {
      return Native.status(fd).type() == S_IFSOCK;
    } catch (BlockException notOpen) {
      return false;
    }
  }
}
