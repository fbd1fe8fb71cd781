// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Damage found while the image is used: tells the listener, marks the image and stops its use. Any
 * thread. A fatal finding marks a writable image corrupt and ends all requests with ENOMEDIUM, as
 * the reference does; only the first finding of each kind is reported.
 */
final class Corruption {
  private final ImageFile file;
  private final Header header;
  private final AccessMode access;
  private final CorruptionListener listener;
  private boolean signalled;
  private volatile boolean unusable;

  Corruption(ImageFile file, Header header, AccessMode access, CorruptionListener listener) {
    this.file = file;
    this.header = header;
    this.access = access;
    this.listener = listener;
  }

  /** Ends requests to an image that was found damaged. */
  void checkUsable() throws BlockException {
    if (unusable) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
  }

  boolean unusable() {
    return unusable;
  }

  /** Damage without a place; the error to throw. */
  BlockException fatal(String message) {
    return fatal(message, -1, -1);
  }

  /** Damage that forbids going on; the error to throw. */
  BlockException fatal(String message, long offset, long size) {
    signal(message, offset, size, true);
    return BlockException.io(Errno.EIO);
  }

  /** Damage that only costs space. */
  void nonFatal(String message, long offset, long size) {
    signal(message, offset, size, false);
  }

  /** A line for standard error. */
  void report(String line) {
    listener.report(line);
  }

  private synchronized void signal(String message, long offset, long size, boolean wantFatal) {
    boolean fatal = wantFatal && !access.readOnly();
    if (signalled && (!fatal || header.is(Format.INCOMPATIBLE_CORRUPT))) {
      return;
    }
    signalled = true;
    if (fatal) {
      listener.report(
          "qcow2: Marking image as corrupt: "
              + message
              + "; further corruption events will be suppressed");
    } else {
      listener.report(
          "qcow2: Image is corrupt: "
              + message
              + "; further non-fatal corruption events will be suppressed");
    }
    listener.imageCorrupted(message, offset, size, fatal);
    if (fatal) {
      unusable = true;
      mark();
    }
  }

  private void mark() {
    header.incompatible |= Format.INCOMPATIBLE_CORRUPT;
    if (header.version < 3) {
      return;
    }
    ByteBuffer features = ByteBuffer.allocate(8).putLong(0, header.incompatible);
    try {
      file.write(Format.AT_INCOMPATIBLE, features);
      file.flush();
    } catch (BlockException failed) {
      listener.report("qcow2: Could not mark image as corrupt: " + failed.message());
    }
  }

  /** A number as the reference prints it in these messages: 0 without prefix. */
  static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }
}
