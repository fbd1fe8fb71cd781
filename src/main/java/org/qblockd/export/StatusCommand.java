// SPDX-License-Identifier: Apache-2.0
package org.qblockd.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.Extent;
import org.qblockd.nbd.HeaderMode;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.Replies;
import org.qblockd.nbd.Request;

/** Answers questions about the status of ranges, in all contexts of an export. One thread. */
final class StatusCommand {
  /** A reply tells at most of so many extents; the client asks again. */
  private static final int MAX_EXTENTS = 32 << 10;

  private final BlockBackend backend;
  private final List<Context> contexts;
  private final Replies replies;

  /** What a metadata context tells. */
  sealed interface Context {
    /** {@code base:allocation}. */
    record Allocation() implements Context {}

    /** {@code qemu:allocation-depth}. */
    record Depth() implements Context {}

    /** {@code qemu:dirty-bitmap:NAME}. */
    record Bitmap(DirtyBitmap bitmap) implements Context {}
  }

  /** One range and its flags. */
  private record Range(long length, int flags) {}

  StatusCommand(BlockBackend backend, List<Context> contexts, Replies replies) {
    this.backend = backend;
    this.contexts = contexts;
    this.replies = replies;
  }

  void serve(Request request, long bytes, List<Integer> ids, ReplyBuffer out) throws IOException {
    if (ids.isEmpty()) {
      replies.chunk(out.room(Replies.MAX_HEADER), request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_NONE, 0);
    }
    for (int i = 0; i < ids.size(); i++) {
      int id = ids.get(i);
      Extents extents = new Extents(request.has(Nbd.CMD_FLAG_REQ_ONE) ? 1 : most(out));
      try {
        collect(contexts.get(id), request.offset(), request.offset() + bytes, extents);
      } catch (BlockException e) {
        replies.error(
            out.room(Replies.MAX_HEADER + Replies.MAX_MESSAGE),
            request,
            Nbd.errorOnWire(e.errno()),
            "can't get block status");
        return;
      }
      send(request, id, extents, i == ids.size() - 1, out);
    }
  }

  private static int most(ReplyBuffer out) throws IOException {
    boolean many = out.affords(Replies.MAX_HEADER + 2 * Long.BYTES * (MAX_EXTENTS + 1));
    return many ? MAX_EXTENTS : Memory.SMALL / (2 * Long.BYTES);
  }

  private void collect(Context context, long from, long end, Extents extents)
      throws BlockException {
    for (long at = from; at < end; ) {
      Range range = range(context, at, end - at);
      if (range.length == 0) {
        throw BlockException.io(Errno.EIO);
      }
      if (!extents.add(Math.min(range.length, end - at), range.flags)) {
        return;
      }
      at += range.length;
    }
  }

  private Range range(Context context, long at, long bytes) throws BlockException {
    BlockNode exported = backend.node();
    if (exported != null && exported.inactive()) {
      throw BlockException.io(Errno.EPERM);
    }
    return switch (context) {
      case Context.Allocation a -> allocation(at, bytes);
      case Context.Depth d -> backend.ask(node -> depth(node, at, bytes));
      case Context.Bitmap b -> dirty(b.bitmap, at, bytes);
    };
  }

  private Range allocation(long at, long bytes) throws BlockException {
    Extent extent = backend.ask(node -> BlockStatus.above(node, null, at, bytes, true));
    int flags = extent.has(Extent.DATA) ? 0 : Nbd.STATE_HOLE;
    return new Range(extent.length(), extent.has(Extent.ZERO) ? flags | Nbd.STATE_ZERO : flags);
  }

  /** 1 for data in the node itself, 2 in the one below it, …, 0 for none at all. */
  private static Range depth(BlockNode top, long at, long bytes) throws BlockException {
    long length = bytes;
    int depth = 1;
    for (BlockNode layer = top; ; depth++) {
      Extent extent = layer.extentAt(at, length, false);
      if (extent.length() == 0) {
        // Beyond the end of a shorter layer, which decides that there are zeroes.
        return new Range(length, depth);
      }
      length = Math.min(length, extent.length());
      if (extent.has(Extent.ALLOCATED)) {
        return new Range(length, depth);
      }
      Child below = layer.filteredOrBacking();
      if (below == null) {
        return new Range(length, 0);
      }
      layer = below.node();
    }
  }

  private static Range dirty(DirtyBitmap bitmap, long at, long bytes) {
    long dirty = bitmap.nextDirty(at);
    if (dirty < 0) {
      return new Range(bytes, 0);
    }
    if (dirty > at) {
      return new Range(Math.min(bytes, dirty - at), 0);
    }
    long run = bitmap.dirtyRun(at, bytes);
    // Cleaned meanwhile: what was true a moment ago is true enough for a bitmap in use.
    return new Range(Math.max(run, 1), 1);
  }

  private void send(Request request, int id, Extents extents, boolean last, ReplyBuffer out)
      throws IOException {
    boolean wide = replies.mode() == HeaderMode.EXTENDED;
    int payload = wide ? 8 + 16 * extents.count : 4 + 8 * extents.count;
    ByteBuffer buffer = out.room(Replies.MAX_HEADER + payload);
    int type = wide ? Nbd.REPLY_BLOCK_STATUS_EXT : Nbd.REPLY_BLOCK_STATUS;
    replies.chunk(buffer, request, last ? Nbd.REPLY_FLAG_DONE : 0, type, payload);
    buffer.putInt(id);
    if (wide) {
      buffer.putInt(extents.count);
    }
    for (int i = 0; i < extents.count; i++) {
      if (wide) {
        buffer.putLong(extents.lengths[i]).putLong(extents.flags[i]);
      } else {
        buffer.putInt((int) extents.lengths[i]).putInt(extents.flags[i]);
      }
    }
  }

  /** Ranges one after another, equal neighbours joined. */
  private static final class Extents {
    private final int max;
    private long[] lengths = new long[1];
    private int[] flags = new int[1];
    private int count;

    Extents(int max) {
      this.max = max;
    }

    /** Adds a range; false when there is no room. */
    boolean add(long length, int flag) {
      if (count > 0 && flags[count - 1] == flag) {
        lengths[count - 1] += length;
        return true;
      }
      if (count == max) {
        return false;
      }
      if (count == lengths.length) {
        lengths = java.util.Arrays.copyOf(lengths, 4 * count);
        flags = java.util.Arrays.copyOf(flags, 4 * count);
      }
      lengths[count] = length;
      flags[count] = flag;
      count++;
      return true;
    }
  }
}
