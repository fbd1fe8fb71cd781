// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;

/**
 * Aligned writes of zeroes and discards, in pieces that the driver can take, and what the driver
 * lacks emulated. Any thread.
 */
final class Zeroing {
  /** Bytes of the buffer that emulates a write of zeroes. */
  private static final int BOUNCE_BYTES = 1 << 20;

  private final BufferPool buffers;

  Zeroing(BufferPool buffers) {
    this.buffers = buffers;
  }

  /**
   * Whether a backing file would show in what an image gets when it grows: that must read as
   * zeroes.
   */
  static boolean shines(BlockNode node, long oldLength, long newLength) throws BlockException {
    Child backing = node.backing();
    return backing != null
        && backing.hasRole(ChildRole.COW)
        && newLength > oldLength
        && backing.length() > oldLength;
  }

  /** In pieces that the driver likes; a piece that it cannot zero is written as a buffer. */
  void write(NodeOps ops, long offset, long bytes, int flags) throws BlockException {
    Limits limits = ops.limits();
    int align = Math.max(limits.writeZeroesAlignment(), limits.requestAlignment());
    long end = offset + bytes;
    while (offset < end) {
      long head = align - (offset & (align - 1));
      long step = end - offset;
      if (head != align) {
        step = Math.min(step, head);
      } else if (step > align) {
        step = Align.down(step, align);
      }
      if (limits.maxWriteZeroes() != 0) {
        step = Math.min(step, limits.maxWriteZeroes());
      }
      once(ops, offset, step, flags);
      offset += step;
    }
    flushAfter(ops, flags);
  }

  private void once(NodeOps ops, long offset, long bytes, int flags) throws BlockException {
    if (ops instanceof WritesZeroes zeroing) {
      try {
        zeroing.writeZeroes(offset, bytes, driverFlags(ops, flags));
        return;
      } catch (BlockException refused) {
        if (refused.errno() != Errno.ENOTSUP || (flags & RequestFlags.NO_FALLBACK) != 0) {
          throw refused;
        }
      }
    } else if ((flags & RequestFlags.NO_FALLBACK) != 0) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    byWriting(ops, offset, bytes, flags);
  }

  private void byWriting(NodeOps ops, long offset, long bytes, int flags) throws BlockException {
    int max = ops.limits().maxTransfer() == 0 ? BOUNCE_BYTES : ops.limits().maxTransfer();
    int size = (int) Math.min(bytes, Math.min(max, BOUNCE_BYTES));
    try (PooledBuffer bounce = buffers.take(size)) {
      Zeroes.fill(bounce.buffer().limit(size));
      long end = offset + bytes;
      while (offset < end) {
        int step = (int) Math.min(size, end - offset);
        ByteBuffer zeroes = bounce.buffer().position(0).limit(step);
        ops.write(offset, zeroes, driverFlags(ops, flags & RequestFlags.FUA));
        offset += step;
      }
    }
  }

  static void discard(Limits limits, Discards discards, long offset, long end)
      throws BlockException {
    long align = Math.max(limits.discardAlignment(), limits.requestAlignment());
    long max = limits.maxDiscard() == 0 ? Long.MAX_VALUE : limits.maxDiscard();
    while (offset < end) {
      long step = Math.min(end - offset, max);
      long head = offset & (align - 1);
      if (head != 0) {
        step = Math.min(step, align - head);
      } else if (step > align) {
        step = Align.down(step, align);
      }
      try {
        discards.discard(offset, step);
      } catch (BlockException refused) {
        if (refused.errno() != Errno.ENOTSUP) {
          throw refused;
        }
      }
      offset += step;
    }
  }

  /** Flushes after a forced write where the driver cannot force it itself. */
  static void flushAfter(NodeOps ops, int flags) throws BlockException {
    if ((flags & RequestFlags.FUA) != 0 && !ops.writesThrough()) {
      ops.flush();
    }
  }

  static int driverFlags(NodeOps ops, int flags) {
    int passed = flags & ~RequestFlags.SERIALISING;
    return ops.writesThrough() ? passed : passed & ~RequestFlags.FUA;
  }
}
