// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Pages;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Extent;
import org.qblockd.block.RangePages;
import org.qblockd.nbd.HeaderMode;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.Replies;
import org.qblockd.nbd.Request;

/**
 * Answers reads: in one piece when they are small, else with holes left out where the client
 * understands that. One thread.
 */
final class ReadCommand {
  /** Data is read and sent in pieces of at most this many bytes. */
  static final int PIECE = 1 << 20;

  /** Looking for holes costs more than sending less than this. */
  private static final int SPARSE_FROM = 64 << 10;

  private static final String FAILED = "reading from file failed";

  private final BlockBackend backend;
  private final Replies replies;

  ReadCommand(BlockBackend backend, Replies replies) {
    this.backend = backend;
    this.replies = replies;
  }

  void serve(Request request, ReplyBuffer out) throws IOException {
    boolean structured = replies.mode() != HeaderMode.SIMPLE;
    int length = (int) request.length();
    if (structured && length == 0) {
      replies.chunk(out.room(Replies.MAX_HEADER), request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_NONE, 0);
    } else if (structured && length >= SPARSE_FROM && !request.has(Nbd.CMD_FLAG_DF)) {
      sparse(request, out);
    } else if (length >= SPARSE_FROM && length <= PIECE && byReference(request, length, out)) {
      return;
    } else if (length <= PIECE && out.affords(Replies.MAX_HEADER + length)) {
      whole(request, length, out);
    } else {
      streamed(request, length, piece(out), out);
    }
  }

  /** The size of pieces that there is memory for. */
  private static int piece(ReplyBuffer out) throws IOException {
    return out.affords(Replies.MAX_HEADER + PIECE) ? PIECE : Memory.SMALL;
  }

  /** One header and all the data. */
  private void whole(Request request, int length, ReplyBuffer out) throws IOException {
    ByteBuffer buffer = out.room(Replies.MAX_HEADER + length);
    int start = buffer.position();
    header(request, length, buffer);
    int limit = buffer.limit();
    try {
      backend.read(request.offset(), buffer.limit(buffer.position() + length), 0);
      ByteBuffer unused = buffer.limit(limit);
    } catch (BlockException e) {
      ByteBuffer unused = buffer.limit(limit).position(start);
      error(request, e, out);
    }
  }

  private void header(Request request, int length, ByteBuffer buffer) {
    if (replies.mode() == HeaderMode.SIMPLE) {
      replies.simple(buffer, request, 0);
    } else {
      replies.data(buffer, request, request.offset(), length, true);
    }
  }

  /**
   * One header, the data in pieces. When a later piece cannot be read there is no way to say so:
   * the connection ends.
   */
  private void streamed(Request request, int length, int size, ReplyBuffer out) throws IOException {
    out.flush();
    out.lock();
    try {
      ByteBuffer buffer = out.room(Replies.MAX_HEADER + size);
      int start = buffer.position();
      header(request, length, buffer);
      for (int done = 0; done < length; done += size) {
        ByteBuffer room = done == 0 ? buffer : out.room(size);
        BlockException failure =
            piece(request.offset() + done, Math.min(size, length - done), room);
        if (failure != null && done > 0) {
          throw new IOException(FAILED, failure);
        }
        if (failure != null) {
          ByteBuffer unused = room.position(start);
          error(request, failure, out);
          return;
        }
        out.flush();
      }
    } finally {
      out.unlock();
    }
  }

  private @Nullable BlockException piece(long offset, int bytes, ByteBuffer room) {
    int limit = room.limit();
    try {
      backend.read(offset, room.limit(room.position() + bytes), 0);
      return null;
    } catch (BlockException e) {
      return e;
    } finally {
      ByteBuffer unused = room.limit(limit);
    }
  }

  private void sparse(Request request, ReplyBuffer out) throws IOException {
    long end = request.offset() + request.length();
    try {
      for (long at = request.offset(); at < end; ) {
        long from = at;
        Extent extent = backend.ask(node -> BlockStatus.above(node, null, from, end - from, true));
        int length = (int) Math.min(extent.length(), end - at);
        if (length == 0) {
          throw BlockException.io(org.qblockd.base.Errno.EIO);
        }
        if (extent.has(Extent.ZERO)) {
          ByteBuffer buffer = out.room(Replies.MAX_HEADER);
          replies.hole(buffer, request, at, length, at + length == end);
        } else {
          length = data(request, at, length, end, out);
        }
        at += length;
      }
    } catch (BlockException e) {
      error(request, e, out);
    }
  }

  /** All the data by reference, if it can be had so. */
  private boolean byReference(Request request, int length, ReplyBuffer out) throws IOException {
    try (Pages pages = pages(request.offset(), length, out)) {
      if (pages == null || pages.bytes() != length) {
        return false;
      }
      header(request, length, out.room(Replies.MAX_HEADER));
      out.send(pages);
      return true;
    } catch (BlockException readingTells) {
      return false;
    }
  }

  private @Nullable Pages pages(long offset, int length, ReplyBuffer out) throws BlockException {
    if (length < SPARSE_FROM || !out.takesPages() || backend.throttle() != null) {
      return null;
    }
    int bytes = Math.min(length, PIECE);
    return backend.ask(node -> RangePages.read(node, offset, bytes)).orElse(null);
  }

  /** A chunk of data, as much as is convenient; gives its length. */
  private int data(Request request, long offset, int most, long end, ReplyBuffer out)
      throws IOException, BlockException {
    try (Pages pages = pages(offset, most, out)) {
      if (pages != null) {
        int length = pages.bytes();
        ByteBuffer buffer = out.room(Replies.MAX_HEADER);
        replies.data(buffer, request, offset, length, offset + length == end);
        out.send(pages);
        return length;
      }
    }
    int length = Math.min(most, piece(out));
    copied(request, offset, length, offset + length == end, out);
    return length;
  }

  private void copied(Request request, long offset, int length, boolean last, ReplyBuffer out)
      throws IOException, BlockException {
    ByteBuffer buffer = out.room(Replies.MAX_HEADER + length);
    int start = buffer.position();
    int limit = buffer.limit();
    replies.data(buffer, request, offset, length, last);
    try {
      backend.read(offset, buffer.limit(buffer.position() + length), 0);
      ByteBuffer unused = buffer.limit(limit);
    } catch (BlockException e) {
      ByteBuffer unused = buffer.limit(limit).position(start);
      throw e;
    }
  }

  private void error(Request request, BlockException e, ReplyBuffer out) throws IOException {
    replies.error(
        out.room(Replies.MAX_HEADER + Replies.MAX_MESSAGE),
        request,
        Nbd.errorOnWire(e.errno()),
        FAILED);
  }
}
