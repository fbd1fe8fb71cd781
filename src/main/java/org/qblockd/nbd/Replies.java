// SPDX-License-Identifier: Apache-2.0
package org.qblockd.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/** Writes headers of replies into buffers that have room for them. Immutable; any thread. */
public record Replies(HeaderMode mode) {
  /** The longest header that a reply begins with, with offset and length of a chunk. */
  public static final int MAX_HEADER = 32 + 16;

  /** The longest message of an error, in bytes. */
  public static final int MAX_MESSAGE = 512;

  /** A request without data in its reply has succeeded. */
  public void success(ByteBuffer out, Request request) {
    if (mode == HeaderMode.EXTENDED) {
      chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_NONE, 0);
    } else {
      simple(out, request, 0);
    }
  }

  /** A simple reply; data follows if there is no error. */
  public void simple(ByteBuffer out, Request request, int error) {
    out.putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(error).putLong(request.cookie());
  }

  /** The header of a chunk with {@code payload} bytes. */
  public void chunk(ByteBuffer out, Request request, int flags, int type, long payload) {
    boolean extended = mode == HeaderMode.EXTENDED;
    out.putInt(extended ? Nbd.EXTENDED_REPLY_MAGIC : Nbd.STRUCTURED_REPLY_MAGIC);
    out.putShort((short) flags).putShort((short) type).putLong(request.cookie());
    if (extended) {
      out.putLong(request.offset()).putLong(payload);
    } else {
      out.putInt((int) payload);
    }
  }

  /** The header of {@code bytes} of data at {@code offset}, in one chunk. */
  public void data(ByteBuffer out, Request request, long offset, int bytes, boolean last) {
    chunk(out, request, last ? Nbd.REPLY_FLAG_DONE : 0, Nbd.REPLY_OFFSET_DATA, 8L + bytes);
    out.putLong(offset);
  }

  /** A chunk for {@code bytes} of zeroes at {@code offset}. */
  public void hole(ByteBuffer out, Request request, long offset, int bytes, boolean last) {
    chunk(out, request, last ? Nbd.REPLY_FLAG_DONE : 0, Nbd.REPLY_OFFSET_HOLE, 12);
    out.putLong(offset).putInt(bytes);
  }

  /** The request has failed; simple replies drop the message. */
  public void error(ByteBuffer out, Request request, int error, String message) {
    if (mode == HeaderMode.SIMPLE) {
      simple(out, request, error);
      return;
    }
    byte[] text = message.getBytes(UTF_8);
    int length = Math.min(text.length, MAX_MESSAGE);
    chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_ERROR, 6L + length);
    out.putInt(error).putShort((short) length).put(text, 0, length);
  }
}
