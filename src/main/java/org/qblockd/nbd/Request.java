// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import java.nio.ByteBuffer;

/**
 * A request's header. Immutable.
 *
 * @param flags a mask of {@code CMD_FLAG_…}
 * @param command one of {@code CMD_…}, or unknown
 * @param cookie the client's mark, returned in replies
 * @param length bytes; negative when beyond 63 bits
 */
public record Request(int flags, int command, long cookie, long offset, long length) {
  /** The bytes of a header. */
  public static int headerBytes(HeaderMode mode) {
    return mode == HeaderMode.EXTENDED ? 32 : 28;
  }

  /** The magic number that begins a header. */
  public static int magic(HeaderMode mode) {
    return mode == HeaderMode.EXTENDED ? Nbd.EXTENDED_REQUEST_MAGIC : Nbd.REQUEST_MAGIC;
  }

  /** What stands behind the magic number; {@code in} has all of it. */
  public static Request decode(HeaderMode mode, ByteBuffer in) {
    int flags = Short.toUnsignedInt(in.getShort());
    int command = Short.toUnsignedInt(in.getShort());
    long cookie = in.getLong();
    long offset = in.getLong();
    long length = mode == HeaderMode.EXTENDED ? in.getLong() : Integer.toUnsignedLong(in.getInt());
    return new Request(flags, command, cookie, offset, length);
  }

  /** Appends the header with its magic number. */
  public void encode(HeaderMode mode, ByteBuffer out) {
    out.putInt(magic(mode)).putShort((short) flags).putShort((short) command);
    out.putLong(cookie).putLong(offset);
    if (mode == HeaderMode.EXTENDED) {
      out.putLong(length);
    } else {
      out.putInt((int) length);
    }
  }

  /** The same request without a flag. */
  public Request withoutFlag(int flag) {
    return new Request(flags & ~flag, command, cookie, offset, length);
  }

  /** Whether all of {@code mask} is set in the flags. */
  public boolean has(int mask) {
    return (flags & mask) == mask;
  }
}
