// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Copies between two nodes without passing the bytes through this process, where files lie below
 * both. Any thread. Requests are counted, and writes marked, at all nodes on the way.
 */
public final class RangeCopy {
  private RangeCopy() {}

  /**
   * Copies a range.
   *
   * @throws BlockException ENOTSUP when it cannot be done so; any other error, too, lets the caller
   *     copy by reading and writing, which finds out what is wrong
   */
  public static void copy(Child source, long offset, Child target, long targetOffset, long bytes)
      throws BlockException {
    read(source.node(), offset, target.node(), targetOffset, bytes);
  }

  private static void read(BlockNode from, long offset, BlockNode to, long targetOffset, long bytes)
      throws BlockException {
    NodeOps ops = from.ops();
    if (from.io().copyOnRead != null || !aligned(ops, offset, bytes)) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    RequestTracker.Tracked request = from.io().tracker().begin(offset, bytes, true);
    try {
      switch (ops) {
        case ForwardsRange way ->
            read(
                way.forwardedTo().node(),
                way.forwarded(offset, bytes, false),
                to,
                targetOffset,
                bytes);
        case CopiesRange file -> write(file, offset, to, targetOffset, bytes);
        default -> throw BlockException.io(Errno.ENOTSUP);
      }
    } finally {
      from.io().tracker().end(request);
    }
  }

  private static void write(
      CopiesRange file, long fileOffset, BlockNode to, long offset, long bytes)
      throws BlockException {
    NodeOps ops = to.ops();
    boolean plain = to.options().detectZeroes() == DetectZeroes.OFF && !to.readOnly();
    if (!plain || !aligned(ops, offset, bytes)) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    RequestTracker.Tracked request = to.io().marks().begin(offset, bytes);
    try {
      switch (ops) {
        case ForwardsRange way ->
            write(
                file,
                fileOffset,
                way.forwardedTo().node(),
                way.forwarded(offset, bytes, true),
                bytes);
        case CopiesRange below -> file.copyRange(fileOffset, ops, offset, bytes);
        default -> throw BlockException.io(Errno.ENOTSUP);
      }
    } finally {
      to.io().marks().written(offset, bytes);
      to.io().tracker().end(request);
    }
  }

  private static boolean aligned(NodeOps ops, long offset, long bytes) {
    int align = ops.limits().requestAlignment();
    return Align.is(offset, align) && Align.is(bytes, align);
  }
}
