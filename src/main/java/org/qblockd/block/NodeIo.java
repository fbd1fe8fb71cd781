// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;

/**
 * The request path of one node: checks, tracks, aligns (read-modify-write under a serialising
 * request), splits, emulates what the driver lacks and marks dirty bitmaps. Any thread.
 */
final class NodeIo {
  /** The largest offset plus length that a request may have: QEMU's limit, 2^63 - 2 GiB or so. */
  private static final long MAX_LENGTH = NodeLengths.MAX;

  /** Bytes of the buffer that emulates a write of zeroes or the edges of an unaligned request. */
  private static final int BOUNCE_BYTES = 1 << 20;

  private final BlockNode node;
  private final BufferPool buffers;
  private final Zeroing zeroes;
  private final RequestTracker tracker = new RequestTracker();
  private volatile @Nullable RequestFaults faults;
  private final WriteMarks marks = new WriteMarks(tracker);
  volatile @Nullable CopyOnRead copyOnRead;

  NodeIo(BlockNode node, BufferPool buffers) {
    this.node = node;
    this.buffers = buffers;
    this.zeroes = new Zeroing(buffers);
  }

  RequestTracker tracker() {
    return tracker;
  }

  /** What remembers which parts were written. */
  WriteMarks marks() {
    return marks;
  }

  /** Whether requests may be made to fail or wait. */
  boolean hasFaults() {
    return faults != null;
  }

  // ---- reading --------------------------------------------------------------------------------

  void read(long offset, ByteBuffer into, int flags) throws BlockException {
    check(offset, into.remaining());
    NodeOps ops = node.ops();
    CopyOnRead copies = copyOnRead;
    if (copies != null) {
      copies.fill(ops, offset, into.remaining());
    }
    RequestTracker.Tracked request = tracker.begin(offset, into.remaining(), true);
    try {
      if ((flags & RequestFlags.SERIALISING) != 0) {
        tracker.makeSerialising(request, ops.limits().requestAlignment());
      }
      meet(RequestKind.READ, offset, into.remaining());
      readPadded(ops, offset, into, flags);
    } finally {
      tracker.end(request);
    }
  }

  private void readPadded(NodeOps ops, long offset, ByteBuffer into, int flags)
      throws BlockException {
    int align = ops.limits().requestAlignment();
    if (Align.is(offset, align) && Align.is(into.remaining(), align)) {
      readAligned(ops, offset, into, flags);
      return;
    }
    while (into.hasRemaining()) {
      long start = Align.down(offset, align);
      int skip = (int) (offset - start);
      int wanted = Math.min(into.remaining(), BOUNCE_BYTES - skip);
      int padded = (int) Align.up((long) skip + wanted, align);
      try (PooledBuffer bounce = buffers.take(padded)) {
        ByteBuffer data = bounce.buffer().limit(padded);
        readAligned(ops, start, data, flags);
        into.put(data.flip().position(skip).limit(skip + wanted));
      }
      offset += wanted;
    }
  }

  private void readAligned(NodeOps ops, long offset, ByteBuffer into, int flags)
      throws BlockException {
    long length = Align.up(ops.length(), ops.limits().requestAlignment());
    long inside = Math.max(0, Math.min(into.remaining(), length - offset));
    int end = into.limit();
    int max = ops.limits().maxTransfer() == 0 ? Integer.MAX_VALUE : ops.limits().maxTransfer();
    int insideEnd = into.position() + (int) inside;
    while (into.position() < insideEnd) {
      int step = Math.min(insideEnd - into.position(), max);
      into.limit(into.position() + step);
      ops.read(offset, into, flags & ~RequestFlags.SERIALISING);
      offset += step;
    }
    into.limit(end);
    Zeroes.fill(into);
  }

  // ---- writing --------------------------------------------------------------------------------

  void write(long offset, ByteBuffer from, int flags) throws BlockException {
    check(offset, from.remaining());
    checkWritable();
    NodeOps ops = node.ops();
    int bytes = from.remaining();
    RequestTracker.Tracked request = marks.begin(offset, bytes);
    try {
      int align = ops.limits().requestAlignment();
      boolean aligned = Align.is(offset, align) && Align.is(bytes, align);
      if (!aligned || (flags & RequestFlags.SERIALISING) != 0) {
        tracker.makeSerialising(request, align);
      }
      meet(RequestKind.WRITE, offset, bytes);
      if (aligned) {
        writeAligned(ops, offset, from, flags);
      } else {
        writePadded(ops, offset, from, flags);
      }
    } finally {
      marks.written(offset, bytes);
      tracker.end(request);
    }
  }

  /** Head and tail are read, completed and written back; the middle goes straight. */
  private void writePadded(NodeOps ops, long offset, ByteBuffer from, int flags)
      throws BlockException {
    int align = ops.limits().requestAlignment();
    int end = from.limit();
    while (from.hasRemaining()) {
      int skip = (int) (offset - Align.down(offset, align));
      int step;
      if (skip == 0 && from.remaining() >= align) {
        step = (int) Align.down(from.remaining(), align);
        from.limit(from.position() + step);
        writeAligned(ops, offset, from, flags);
        from.limit(end);
      } else {
        step = Math.min(align - skip, from.remaining());
        ByteBuffer piece = from.duplicate().limit(from.position() + step);
        from.position(from.position() + step);
        readModifyWrite(ops, offset, piece, flags);
      }
      offset += step;
    }
  }

  private void readModifyWrite(NodeOps ops, long offset, ByteBuffer piece, int flags)
      throws BlockException {
    int align = ops.limits().requestAlignment();
    long start = Align.down(offset, align);
    try (PooledBuffer bounce = buffers.take(align)) {
      ByteBuffer block = bounce.buffer().limit(align);
      boolean head = offset > start;
      boolean tail = offset + piece.remaining() < start + align;
      event(ops, head, "pwritev_rmw_head");
      event(ops, tail, "pwritev_rmw_tail");
      readAligned(ops, start, block, 0);
      event(ops, head, "pwritev_rmw_after_head");
      event(ops, tail, "pwritev_rmw_after_tail");
      block.clear().position((int) (offset - start));
      block.put(piece).position(0).limit(align);
      writeAligned(ops, start, block, flags);
    }
  }

  private static void event(NodeOps ops, boolean reached, String name) {
    if (reached && ops instanceof DebugEvents listener) {
      listener.event(name);
    }
  }

  private void writeAligned(NodeOps ops, long offset, ByteBuffer from, int flags)
      throws BlockException {
    DetectZeroes detect = node.options().detectZeroes();
    if (detect != DetectZeroes.OFF && (flags & RequestFlags.COMPRESSED) == 0 && Zeroes.only(from)) {
      int zeroFlags = detect == DetectZeroes.UNMAP ? flags | RequestFlags.MAY_UNMAP : flags;
      zeroes.write(ops, offset, from.remaining(), zeroFlags);
      from.position(from.limit());
      return;
    }
    int max = ops.limits().maxTransfer() == 0 ? Integer.MAX_VALUE : ops.limits().maxTransfer();
    int driverFlags = Zeroing.driverFlags(ops, flags);
    int end = from.limit();
    while (from.position() < end) {
      int step = Math.min(end - from.position(), max);
      from.limit(from.position() + step);
      ops.write(offset, from, driverFlags);
      offset += step;
    }
    from.limit(end);
    Zeroing.flushAfter(ops, flags);
  }

  // ---- zeroes, discard ------------------------------------------------------------------------

  void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    check(offset, bytes);
    checkWritable();
    NodeOps ops = node.ops();
    int useful = node.options().discardUnmap() ? flags : flags & ~RequestFlags.MAY_UNMAP;
    RequestTracker.Tracked request = marks.begin(offset, bytes);
    try {
      meet(RequestKind.WRITE_ZEROES, offset, bytes);
      int align = ops.limits().requestAlignment();
      if (Align.is(offset, align) && Align.is(bytes, align)) {
        if ((flags & RequestFlags.SERIALISING) != 0) {
          tracker.makeSerialising(request, align);
        }
        zeroes.write(ops, offset, bytes, useful);
      } else {
        tracker.makeSerialising(request, align);
        zeroesPadded(ops, offset, bytes, useful);
      }
    } finally {
      marks.written(offset, bytes);
      tracker.end(request);
    }
  }

  private void zeroesPadded(NodeOps ops, long offset, long bytes, int flags) throws BlockException {
    int align = ops.limits().requestAlignment();
    long end = offset + bytes;
    long middle = Math.min(Align.up(offset, align), end);
    long tail = Math.max(Align.down(end, align), middle);
    writeEdge(ops, offset, (int) (middle - offset), flags);
    if (tail > middle) {
      zeroes.write(ops, middle, tail - middle, flags);
    }
    writeEdge(ops, tail, (int) (end - tail), flags);
  }

  private void writeEdge(NodeOps ops, long offset, int bytes, int flags) throws BlockException {
    if (bytes > 0) {
      ByteBuffer zeroes = ByteBuffer.allocate(bytes);
      readModifyWrite(ops, offset, zeroes, flags & RequestFlags.FUA);
    }
  }

  void discard(long offset, long bytes) throws BlockException {
    check(offset, bytes);
    checkWritable();
    NodeOps ops = node.ops();
    if (!node.options().discardUnmap() || !(ops instanceof Discards discards)) {
      return;
    }
    RequestTracker.Tracked request = marks.begin(offset, bytes);
    try {
      meet(RequestKind.DISCARD, offset, bytes);
      Zeroing.discard(ops.limits(), discards, offset, offset + bytes);
    } finally {
      marks.discarded(offset, bytes);
      tracker.end(request);
    }
  }

  // ---- flush, status, resize ------------------------------------------------------------------

  void flush() throws BlockException {
    if (node.ejected()) {
      return;
    }
    NodeOps ops = node.ops();
    RequestTracker.Tracked request = tracker.begin(0, 0, false);
    try {
      meet(RequestKind.FLUSH, 0, 0);
      Child primary = node.primary();
      if (primary != null) {
        DebugEvents.raise(primary, "flush_to_os");
        DebugEvents.raise(primary, "flush_to_disk");
      }
      marks.flush();
      ops.flush();
    } finally {
      tracker.end(request);
    }
  }

  Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    NodeOps ops = node.ops();
    long length = ops.length();
    if (offset >= length || bytes == 0) {
      return Extent.of(0, Extent.EOF);
    }
    RequestTracker.Tracked request = tracker.begin(offset, 0, false);
    try {
      meet(RequestKind.BLOCK_STATUS, offset, bytes);
      return BlockStatus.ofLayer(node, ops, offset, Math.min(bytes, length - offset), wantZero);
    } finally {
      tracker.end(request);
    }
  }

  void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    NodeLengths.check(length);
    if (node.ejected()) {
      throw BlockException.of(Errno.ENOMEDIUM, "No medium inserted");
    }
    NodeOps ops = node.ops();
    long old = ops.length();
    RequestTracker.Tracked request =
        tracker.begin(Math.min(old, length), Math.abs(length - old), true);
    try {
      tracker.makeSerialising(request, 1);
      meet(RequestKind.RESIZE, Math.min(old, length), Math.abs(length - old));
      checkResizable();
      try {
        resizeBelow(ops, length, exact, preallocation, zeroNew);
      } finally {
        // Also after an error, which may have come when the length had changed.
        marks.resize(ops.length());
      }
    } finally {
      tracker.end(request);
    }
  }

  private void resizeBelow(
      NodeOps ops, long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    Child filtered = node.filtered();
    if (ops instanceof Resizes resizes) {
      boolean shines = Zeroing.shines(node, ops.length(), length);
      resizes.resize(length, exact, preallocation, zeroNew || shines);
    } else if (filtered != null) {
      filtered.resize(length, exact, preallocation, zeroNew);
    } else {
      throw BlockException.of(Errno.ENOTSUP, "Image format driver does not support resize");
    }
  }

  private void checkResizable() throws BlockException {
    if (node.readOnly()) {
      throw BlockException.of(Errno.EACCES, "Image is read-only");
    }
  }

  // ---- faults, checks -------------------------------------------------------------------------

  void setFaults(@Nullable RequestFaults newFaults) {
    faults = newFaults;
  }

  private void meet(RequestKind kind, long offset, long bytes) throws BlockException {
    RequestFaults met = faults;
    if (met != null) {
      met.meet(kind, offset, bytes);
    }
  }

  private static void check(long offset, long bytes) throws BlockException {
    if (offset < 0 || bytes < 0 || offset > MAX_LENGTH || bytes > MAX_LENGTH - offset) {
      throw BlockException.io(Errno.EIO);
    }
  }

  private void checkWritable() throws BlockException {
    if (node.readOnly() || node.inactive()) {
      throw BlockException.io(Errno.EPERM);
    }
  }
}
