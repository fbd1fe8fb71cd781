// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.Align;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.Extent;
import org.qblockd.block.RangeCopy;
import org.qblockd.block.RequestFlags;

/**
 * Copies each cluster of a source to a target once: the engine that the backup's filter (before a
 * guest's write) and its body (in the background) share. Any thread.
 *
 * <p>A cluster that is marked has not been copied and not been written since the beginning: whoever
 * wants to write it copies it first, so its content is that of the beginning.
 */
public final class BlockCopy {
  /** Shows how far the copying is. Any thread. */
  public interface Meter {
    /** So many bytes more are done. */
    void done(long bytes);

    /** So many bytes are to be done yet. */
    void setRemaining(long bytes);
  }

  private static final Meter NOBODY =
      new Meter() {
        @Override
        public void done(long bytes) {}

        @Override
        public void setRemaining(long bytes) {}
      };

  /** The smallest cluster, in bytes. */
  public static final int MIN_CLUSTER = 64 << 10;

  /** Bytes of data per copy. */
  static final int MAX_COPY = 1 << 20;

  /** Bytes of zeroes per copy; the writers of the range wait for them. */
  private static final long MAX_ZEROES = 64L << 20;

  private final Child source;
  private final Child target;
  private final BufferPool buffers;
  private final SourceStatus status;
  private final long length;
  private final int cluster;
  private final boolean compress;
  private final boolean discardSource;
  private final DirtyBitmap marked;

  /**
   * How the target is written. Where it reads through to the source, a reader must not find the
   * target empty, and then in the source what was written there after the old bytes were saved: the
   * saving waits for readers under way, as in QEMU.
   */
  private final int writeFlags;

  private final BusyRanges ranges = new BusyRanges();
  private final AtomicLong inFlightBytes = new AtomicLong();

  /** While set, clusters that the top image has not allocated are not copied. */
  private volatile boolean skipUnallocated;

  /** While set, files copy the data themselves; the first failure ends that. */
  private volatile boolean offload;

  private volatile @Nullable BlockNode base;
  private volatile Meter progress = NOBODY;
  private volatile LongConsumer accounting = bytes -> {};

  /**
   * The engine from one child to another.
   *
   * @param length bytes of both
   * @param cluster a power of two
   * @param marked what is to be copied
   */
  public BlockCopy(
      Child source,
      Child target,
      BufferPool buffers,
      long length,
      int cluster,
      boolean compress,
      boolean discardSource,
      DirtyBitmap marked) {
    this.discardSource = discardSource;
    this.source = source;
    this.target = target;
    this.buffers = buffers;
    this.status = new SourceStatus(source, length);
    this.length = length;
    this.cluster = cluster;
    this.compress = compress;
    this.marked = marked;
    this.writeFlags = reaches(target.node(), source.node()) ? RequestFlags.SERIALISING : 0;
  }

  private static boolean reaches(BlockNode from, BlockNode wanted) {
    return from == wanted
        || from.children().stream().anyMatch(child -> reaches(child.node(), wanted));
  }

  /** The size of what is copied at once, in bytes. */
  public int cluster() {
    return cluster;
  }

  /** Shows the progress in a job and counts bytes for its speed. */
  public void reportTo(Meter newProgress, LongConsumer newAccounting) {
    progress = newProgress;
    accounting = newAccounting;
    updateRemaining();
  }

  /** Lets files copy data between them where they can; before the beginning. */
  public void offload() {
    offload = !compress && writeFlags == 0;
  }

  /** Copies nothing but what is dirty in the bitmap; before the beginning. */
  public void markOnly(DirtyBitmap bitmap) {
    marked.clear(0, length);
    marked.merge(bitmap);
  }

  /** Everything is to be copied again before it is overwritten; nothing is under way. */
  public void markAll() {
    marked.set(0, length);
    updateRemaining();
  }

  /** What has not been copied. */
  public DirtyBitmap left() {
    return marked;
  }

  // ---- mode top -------------------------------------------------------------------------------

  /** From now on copies only what {@code top}'s image has allocated above {@code newBase}. */
  public void skipUnallocatedAbove(@Nullable BlockNode newBase) {
    base = newBase;
    skipUnallocated = true;
  }

  /** All clusters have been looked at. */
  public void allLookedAt() {
    skipUnallocated = false;
  }

  /** Unmarks the clusters at {@code offset} if they are not allocated; returns how many bytes. */
  public long unmarkUnallocated(long offset) throws BlockException {
    long bytes = unallocatedRun(offset);
    if (bytes == 0) {
      return cluster;
    }
    marked.clear(offset, bytes);
    updateRemaining();
    return bytes;
  }

  /** Bytes of whole clusters from {@code offset} that the top image has not allocated. */
  private long unallocatedRun(long offset) throws BlockException {
    long at = offset;
    while (at < length) {
      Extent extent = BlockStatus.allocatedAbove(source.node(), base, at, length - at);
      if (extent.has(Extent.ALLOCATED) || extent.length() == 0) {
        break;
      }
      at += extent.length();
    }
    return at >= length ? Align.up(at, cluster) - offset : Align.down(at, cluster) - offset;
  }

  /** The range need not be copied any more. */
  public void forget(long offset, long bytes) {
    marked.clear(offset, bytes);
    updateRemaining();
  }

  // ---- copying --------------------------------------------------------------------------------

  /** The first marked cluster at or after {@code offset}, or -1. */
  public long nextMarked(long offset) {
    return marked.nextDirty(offset);
  }

  /** Waits until no copy of anyone is under way. */
  public void awaitCopies() {
    ranges.awaitFree(0, Align.up(Math.max(1, length), cluster));
  }

  /**
   * Copies what is marked in the range that a write wants to change, and waits for copies of it
   * that are under way. When it throws, the write must not happen.
   */
  void copyBefore(long offset, long bytes) throws BlockException {
    long at = Align.down(offset, cluster);
    long end = Align.up(offset + bytes, cluster);
    while (at < end) {
      long step = Math.min(end - at, chunk(Long.MAX_VALUE));
      try {
        accounting.accept(copyOnce(at, step));
      } catch (CopyFailure failed) {
        throw failed.error();
      }
      at += step;
    }
  }

  /**
   * How much to copy at once from a marked cluster: marked clusters of the same kind.
   *
   * @param most bytes at most, at least a cluster
   */
  public long pieceAt(long offset, long most) {
    long run = Align.up(marked.dirtyRun(offset, MAX_ZEROES), cluster);
    Extent found = status.at(offset, length - offset);
    long same = Math.max(cluster, Align.down(found.length(), cluster));
    return Math.min(run, found.has(Extent.DATA) ? Math.min(same, chunk(most)) : same);
  }

  private long chunk(long most) {
    long chunk = compress ? cluster : Math.max(cluster, MAX_COPY);
    return Math.max(cluster, Math.min(chunk, Align.down(most, cluster)));
  }

  /**
   * Copies what is marked in this range of whole clusters, after copies of it by others; returns
   * how many bytes that were.
   */
  public long copyOnce(long offset, long bytes) throws CopyFailure {
    BusyRanges.Range range = ranges.take(offset, bytes);
    try {
      long copied = 0;
      long end = offset + bytes;
      long at = marked.nextDirty(offset);
      while (at >= 0 && at < end) {
        long run = Align.up(marked.dirtyRun(at, end - at), cluster);
        long skipped = skip(at, run);
        long done = skipped > 0 ? 0 : copyPiece(at, skipUnallocated ? cluster : run);
        copied += done;
        at = marked.nextDirty(at + skipped + done);
      }
      return copied;
    } finally {
      ranges.release(range);
    }
  }

  /** In mode top, unmarks what the top image has not allocated; returns how many bytes. */
  private long skip(long offset, long bytes) {
    if (!skipUnallocated) {
      return 0;
    }
    try {
      long skipped = Math.min(bytes, unallocatedRun(offset));
      if (skipped > 0) {
        marked.clear(offset, skipped);
        updateRemaining();
      }
      return skipped;
    } catch (BlockException unknown) {
      return 0;
    }
  }

  private long copyPiece(long offset, long most) throws CopyFailure {
    Extent extent = wholeClusters(offset, most);
    boolean zero = !extent.has(Extent.DATA);
    long bytes = zero ? extent.length() : Math.min(extent.length(), chunk(Long.MAX_VALUE));
    marked.clear(offset, bytes);
    inFlightBytes.addAndGet(bytes);
    boolean done = false;
    try {
      long inside = Math.min(bytes, length - offset);
      if (zero) {
        writeZeroes(offset, inside);
      } else {
        copyData(offset, inside);
      }
      done = true;
      discardCopied(offset, inside);
    } finally {
      if (done) {
        progress.done(bytes);
      } else {
        marked.set(offset, bytes);
      }
      inFlightBytes.addAndGet(-bytes);
      updateRemaining();
    }
    return bytes;
  }

  /** That the source keeps what it could give back does no harm. */
  private void discardCopied(long offset, long bytes) {
    if (!discardSource) {
      return;
    }
    try {
      source.discard(offset, bytes);
    } catch (BlockException kept) {
      assert kept.errno() != null;
    }
  }

  /** Whole clusters of one kind; a cluster of two kinds is data. */
  private Extent wholeClusters(long offset, long most) {
    Extent found = status.at(offset, Math.min(most, length - offset));
    long whole =
        offset + found.length() >= length
            ? Align.up(found.length(), cluster)
            : Align.down(found.length(), cluster);
    return whole > 0
        ? Extent.of(Math.min(whole, most), found.flags())
        : Extent.of(cluster, Extent.DATA);
  }

  private boolean offloaded(long offset, long bytes) {
    if (!offload) {
      return false;
    }
    try {
      RangeCopy.copy(source, offset, target, offset, bytes);
      return true;
    } catch (BlockException impossible) {
      // Copied by hand, what fails is told with its side.
      offload = false;
      return false;
    }
  }

  private void copyData(long offset, long bytes) throws CopyFailure {
    if (offloaded(offset, bytes)) {
      return;
    }
    int size = (int) Math.min(bytes, compress ? bytes : MAX_COPY);
    int flags = writeFlags | (compress ? RequestFlags.COMPRESSED : 0);
    try (PooledBuffer pooled = buffers.take(size)) {
      for (long at = 0; at < bytes; at += size) {
        ByteBuffer buffer = pooled.buffer().position(0).limit((int) Math.min(size, bytes - at));
        read(offset + at, buffer);
        write(offset + at, buffer.position(0), flags);
      }
    }
  }

  private void read(long offset, ByteBuffer into) throws CopyFailure {
    try {
      source.read(offset, into, 0);
    } catch (BlockException failed) {
      throw new CopyFailure(true, failed);
    }
  }

  private void write(long offset, ByteBuffer from, int flags) throws CopyFailure {
    try {
      target.write(offset, from, flags);
    } catch (BlockException failed) {
      throw new CopyFailure(false, failed);
    }
  }

  private void writeZeroes(long offset, long bytes) throws CopyFailure {
    try {
      target.writeZeroes(offset, bytes, writeFlags);
    } catch (BlockException failed) {
      throw new CopyFailure(false, failed);
    }
  }

  /** Counted and shown in one step, so that the last one to show has counted everything. */
  private synchronized void updateRemaining() {
    progress.setRemaining(marked.dirtyBytes() + inFlightBytes.get());
  }
}
