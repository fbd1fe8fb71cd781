// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import org.jspecify.annotations.Nullable;

/**
 * The greeting's and the first request's way through an inherited socket while {@link SocketCalls}
 * are still being linked, which takes longer than all else between the entry of the program and its
 * greeting. The JDK has read(2) and write(2) at hand, for a descriptor made by its private
 * constructor; the jar's manifest opens that to us. Where it is closed there is no early socket.
 *
 * <p>Its read does not see descriptors sent along, so it takes only the first bytes: nobody may
 * send descriptors before capabilities are negotiated. Its write waits for the client, so it takes
 * only what fits into any socket's buffer.
 *
 * <p>One thread reads; writes are under the session's output lock.
 */
final class EarlySocket {
  private static final int WRITE_LIMIT = 4096;

  private static volatile boolean linked;

  private final FileInputStream in;
  private final FileOutputStream out;
  private int left = WRITE_LIMIT;
  private boolean read;

  private EarlySocket(FileDescriptor descriptor) {
    in = new FileInputStream(descriptor);
    out = new FileOutputStream(descriptor);
  }

  /** The system calls are ready: no early sockets any more. */
  static void noLongerNeeded() {
    linked = true;
  }

  /** An early socket, or null when there is none or no need for one. */
  static @Nullable EarlySocket of(int fd) {
    if (linked) {
      return null;
    }
    try {
      Constructor<FileDescriptor> constructor =
          FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      return new EarlySocket(constructor.newInstance(fd));
    } catch (ReflectiveOperationException | InaccessibleObjectException closed) {
      return null;
    }
  }

  /** Writes all, or nothing and returns false when the system calls must do it. */
  boolean write(byte[] bytes, int from, int to) {
    if (linked || to - from > left) {
      left = 0;
      return false;
    }
    left -= to - from;
    try {
      out.write(bytes, from, to - from);
    } catch (IOException gone) {
      // The next system call finds out and says how.
      return true;
    }
    return true;
  }

  /** The number of bytes read, once; 0 when the system calls must read. */
  int read(byte[] into) {
    if (linked || read) {
      return 0;
    }
    read = true;
    try {
      return Math.max(in.read(into), 0);
    } catch (IOException notNow) {
      return 0;
    }
  }
}
