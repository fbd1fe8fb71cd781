// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Child;

/**
 * Which bytes of the child a raw node shows. Immutable; any thread.
 *
 * @param offset of the first byte in the child
 * @param size in bytes, or -1 for all up to the end of the child
 */
record RawRange(long offset, long size) {
  private static final int SECTOR = 512;

  static RawRange of(Child file, long offset, long size) throws BlockException {
    long length = lengthOf(file);
    if (length < offset) {
      throw BlockException.invalid(
          "Offset (%d) cannot be greater than size of the containing file (%d)"
              .formatted(offset, length));
    }
    if (size >= 0 && length - offset < size) {
      throw BlockException.invalid(
          "The sum of offset (%d) and size (%d) has to be smaller or equal to the  actual size of the"
                  .formatted(offset, size)
              + " containing file ("
              + length
              + ")");
    }
    if (size >= 0 && size % SECTOR != 0) {
      throw BlockException.invalid("Specified size is not multiple of " + SECTOR);
    }
    return new RawRange(offset, size);
  }

  private static long lengthOf(Child file) throws BlockException {
    try {
      return file.length();
    } catch (BlockException failed) {
      throw BlockException.withErrno(failed.errno(), "Could not get image size");
    }
  }

  boolean limited() {
    return size >= 0;
  }

  long length(Child file) throws BlockException {
    long behind = Math.max(0, file.length() - offset);
    return limited() ? Math.min(size, behind) : behind;
  }

  /**
   * The place of a range in the child.
   *
   * @param beyond the error for a range that leaves a limited node
   */
  long inChild(long at, long bytes, Errno beyond) throws BlockException {
    if (limited() && (at > size || bytes > size - at)) {
      throw BlockException.io(beyond);
    }
    if (at > Long.MAX_VALUE - offset) {
      throw BlockException.io(Errno.EINVAL);
    }
    return at + offset;
  }
}
