// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.RequestFlags;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.Replies;
import org.qblockd.nbd.Request;

/** Serves single requests whose form is right; replies go to a buffer. Any thread. */
final class RequestServer {
  private final BlockBackend backend;
  private final Replies replies;
  private final ReadCommand read;
  private final StatusCommand status;
  private final List<Integer> contexts;

  RequestServer(NbdExport export, Replies replies, List<Integer> contexts) {
    this.backend = export.backend();
    this.replies = replies;
    this.read = new ReadCommand(backend, replies);
    this.status = new StatusCommand(backend, export.contexts(), replies);
    this.contexts = contexts;
  }

  /**
   * Serves a request.
   *
   * @param payload what a write brings with it, at most {@link ReadCommand#PIECE}; null for others
   */
  void serve(Request request, @Nullable ByteBuffer payload, ReplyBuffer out) throws IOException {
    switch (request.command()) {
      case Nbd.CMD_READ -> {
        if (!request.has(Nbd.CMD_FLAG_FUA) || flushed(request, out)) {
          read.serve(request, out);
        }
      }
      case Nbd.CMD_BLOCK_STATUS -> status.serve(request, request.length(), contexts, out);
      default -> change(request, payload, out);
    }
  }

  /** A question about some of the contexts only. */
  void serveStatus(Request request, long bytes, List<Integer> ids, ReplyBuffer out)
      throws IOException {
    status.serve(request, bytes, ids, out);
  }

  private boolean flushed(Request request, ReplyBuffer out) throws IOException {
    try {
      backend.flush();
      return true;
    } catch (BlockException e) {
      fail(request, e, "flush failed", out);
      return false;
    }
  }

  private void change(Request request, @Nullable ByteBuffer payload, ReplyBuffer out)
      throws IOException {
    try {
      perform(request, payload);
    } catch (BlockException e) {
      fail(request, e, failure(request.command()), out);
      return;
    }
    succeed(request, out);
  }

  void succeed(Request request, ReplyBuffer out) throws IOException {
    replies.success(out.room(Replies.MAX_HEADER), request);
  }

  void fail(Request request, BlockException e, String message, ReplyBuffer out) throws IOException {
    refuse(request, e.errno(), message, out);
  }

  void refuse(Request request, Errno errno, String message, ReplyBuffer out) throws IOException {
    replies.error(
        out.room(Replies.MAX_HEADER + Replies.MAX_MESSAGE),
        request,
        Nbd.errorOnWire(errno),
        message);
  }

  static String failure(int command) {
    return switch (command) {
      case Nbd.CMD_FLUSH -> "flush failed";
      case Nbd.CMD_TRIM -> "discard failed";
      case Nbd.CMD_CACHE -> "caching data failed";
      default -> "writing to file failed";
    };
  }

  private void perform(Request request, @Nullable ByteBuffer payload) throws BlockException {
    switch (request.command()) {
      case Nbd.CMD_WRITE -> {
        if (payload != null) {
          write(request, request.offset(), payload);
        }
      }
      case Nbd.CMD_FLUSH -> backend.flush();
      case Nbd.CMD_TRIM -> trim(request);
      case Nbd.CMD_CACHE -> cache(request.offset(), request.length());
      case Nbd.CMD_WRITE_ZEROES ->
          backend.writeZeroes(request.offset(), request.length(), zeroFlags(request));
      default -> throw new IllegalStateException("command " + request.command());
    }
  }

  /** Writes a piece of a request. */
  void write(Request request, long offset, ByteBuffer payload) throws BlockException {
    backend.write(offset, payload, request.has(Nbd.CMD_FLAG_FUA) ? RequestFlags.FUA : 0);
  }

  private void trim(Request request) throws BlockException {
    backend.discard(request.offset(), request.length());
    if (request.has(Nbd.CMD_FLAG_FUA)) {
      backend.flush();
    }
  }

  private static int zeroFlags(Request request) {
    int flags = request.has(Nbd.CMD_FLAG_FUA) ? RequestFlags.FUA : 0;
    if (!request.has(Nbd.CMD_FLAG_NO_HOLE)) {
      flags |= RequestFlags.MAY_UNMAP;
    }
    return request.has(Nbd.CMD_FLAG_FAST_ZERO) ? flags | RequestFlags.NO_FALLBACK : flags;
  }

  private void cache(long offset, long bytes) throws BlockException {
    if (bytes == 0) {
      return;
    }
    try (PooledBuffer loan = BufferPool.get((int) Math.min(bytes, ReadCommand.PIECE))) {
      for (long done = 0; done < bytes; ) {
        int piece = (int) Math.min(bytes - done, ReadCommand.PIECE);
        ByteBuffer into = loan.buffer().clear().limit(piece);
        backend.read(offset + done, into, RequestFlags.PREFETCH);
        done += piece;
      }
    }
  }
}
