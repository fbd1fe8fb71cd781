// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.Align;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Extent;
import org.qblockd.block.RequestFlags;
import org.qblockd.block.StartsWriteback;
import org.qblockd.blockcopy.BusyRanges;
import org.qblockd.blockcopy.SourceStatus;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.CopySteps;
import org.qblockd.blockjob.CopyWorkers;
import org.qblockd.job.Progress;

/**
 * Copies dirty granules to the target: takes runs of them in the order of the disk, holds their
 * range, clears their marks, and lets workers copy pieces of up to 1 MiB. Called by the mirror's
 * body, except the pieces.
 */
final class MirrorCopier implements AutoCloseable {
  /** Copies under way at once. */
  static final int MAX_IN_FLIGHT = 16;

  /** Bytes per copied piece. */
  static final int MAX_PIECE = 1 << 20;

  private final MirrorState mirror;
  private final Child source;
  private final BufferPool buffers;
  private final Progress progress;
  private final CopyWorkers workers;
  private final SourceStatus status;
  private final long length;
  private final long maxRun;
  private final boolean zeroingIsFree;
  private long cursor;

  MirrorCopier(
      MirrorState mirror,
      Child source,
      BufferPool buffers,
      Progress progress,
      String name,
      long length,
      long bufSize)
      throws BlockException {
    this.mirror = mirror;
    this.source = source;
    this.buffers = buffers;
    this.progress = progress;
    this.status = new SourceStatus(source, length);
    this.length = length;
    this.maxRun = Math.max(Align.up(bufSize, mirror.dirty.granularity()), mirror.wholeClusters);
    long parallel = bufSize < MAX_PIECE ? 1 : Math.min(MAX_IN_FLIGHT, bufSize / MAX_PIECE);
    this.workers = new CopyWorkers(name, bufSize >= DEFAULT_BUF ? MAX_IN_FLIGHT : (int) parallel);
    this.zeroingIsFree = zeroesWithUnmap(mirror.target().node());
  }

  /** QEMU's default buffer, in bytes; it serves the full number of pieces here. */
  static final long DEFAULT_BUF = 10L << 20;

  /** Whether the target gives space back for zeroes. */
  static boolean zeroesWithUnmap(BlockNode target) {
    return target.options().discardUnmap()
        && target.capability(org.qblockd.block.WritesZeroes.class) != null;
  }

  /** The number of copies under way. Any thread. */
  int inFlight() {
    return workers.inFlight();
  }

  void awaitOne() {
    workers.awaitOne();
  }

  void awaitAll() {
    workers.awaitAll();
  }

  @Override
  public void close() {
    workers.close();
  }

  /** Zeroes a range of the target, before anything is copied. */
  void zero(long offset, long bytes) {
    workers.submit(() -> {
      try {
        zeroTarget(offset, bytes);
      } catch (BlockException failed) {
        mirror.dirty.set(offset, bytes);
        mirror.failed(false, failed.errno());
      }
    });
  }

  /** Starts copying the next run of dirty granules; returns the bytes that count for the speed. */
  long copyNextRun(CopySteps steps) {
    long start = mirror.dirty.nextDirty(cursor);
    if (start < 0) {
      cursor = 0;
      start = mirror.dirty.nextDirty(0);
    }
    if (start < 0) {
      return 0;
    }
    long granularity = mirror.dirty.granularity();
    long unit = Math.max(granularity, mirror.wholeClusters);
    start = Align.down(start, unit);
    long most = mirror.copyMode() == CopyMode.BACKGROUND ? maxRun : Math.max(MAX_PIECE, unit);
    long run = Align.up(runFrom(start, most), unit);
    long step = steps.most();
    run = step < run ? Math.min(run, Align.up(step, unit)) : run;
    run = Math.min(run, length - start);
    steps.taken(run);
    BusyRanges.Range range = mirror.ranges.take(start, run);
    mirror.dirty.clear(start, run);
    cursor = start + run;
    return new Run(range).dispatch(granularity);
  }

  /** The dirty run that includes or follows {@code start}, within the first unit. */
  private long runFrom(long start, long most) {
    long dirty = mirror.dirty.nextDirty(start);
    if (dirty < 0) {
      return 1;
    }
    return Math.min(most, dirty - start + mirror.dirty.dirtyRun(dirty, most));
  }

  private void zeroTarget(long offset, long bytes) throws BlockException {
    mirror.target().writeZeroes(offset, bytes, mirror.unmap ? RequestFlags.MAY_UNMAP : 0);
  }

  /** A range that is held until the last of its pieces is copied. */
  private final class Run {
    private final BusyRanges.Range range;

    /** One for each piece under way, and one for the dispatch itself. */
    private final AtomicInteger holders = new AtomicInteger(1);

    Run(BusyRanges.Range range) {
      this.range = range;
    }

    long dispatch(long granularity) {
      long counted = 0;
      long at = range.offset();
      long end = at + range.bytes();
      while (at < end) {
        Extent found = status.at(at, end - at);
        long bytes = Align.down(found.length(), granularity);
        boolean zero = !found.has(Extent.DATA) && (bytes > 0 || found.length() == end - at);
        if (zero) {
          bytes = bytes == 0 || found.length() >= end - at ? end - at : bytes;
        } else {
          bytes = Math.max(granularity, Math.min(bytes, MAX_PIECE));
          bytes = Math.min(Math.min(bytes, MAX_PIECE), end - at);
        }
        counted += zero && zeroingIsFree ? 0 : bytes;
        start(at, bytes, zero);
        at += bytes;
      }
      released();
      return counted;
    }

    private void start(long offset, long bytes, boolean zero) {
      holders.incrementAndGet();
      mirror.bytesInFlight.addAndGet(bytes);
      workers.submit(() -> copy(offset, bytes, zero));
    }

    private void copy(long offset, long bytes, boolean zero) {
      try {
        if (zero) {
          copyZeroes(offset, bytes);
        } else {
          copyData(offset, (int) bytes);
        }
      } finally {
        mirror.bytesInFlight.addAndGet(-bytes);
        released();
      }
    }

    private void copyData(long offset, int bytes) {
      try (PooledBuffer pooled = buffers.take(bytes)) {
        ByteBuffer buffer = pooled.buffer().limit(bytes);
        if (tryRequest(offset, bytes, true, () -> source.read(offset, buffer, 0))) {
          buffer.position(0);
          if (tryRequest(offset, bytes, false, () -> mirror.target().write(offset, buffer, 0))) {
            progress.done(bytes);
            writeOutSoon(bytes);
          }
        }
      }
    }

    /** READY waits for a flush: what is copied in a stream goes to the disk meanwhile. */
    private void writeOutSoon(int bytes) {
      if (bytes == MAX_PIECE) {
        StartsWriteback.below(mirror.target().node());
      }
    }

    private void copyZeroes(long offset, long bytes) {
      if (tryRequest(offset, bytes, false, () -> zeroTarget(offset, bytes))) {
        progress.done(bytes);
      }
    }

    /** What failed is dirty again; the body decides what to do about it. */
    private boolean tryRequest(long offset, long bytes, boolean read, Request request) {
      try {
        request.run();
        return true;
      } catch (BlockException failed) {
        mirror.dirty.set(offset, bytes);
        mirror.failed(read, failed.errno());
        return false;
      }
    }

    private void released() {
      if (holders.decrementAndGet() == 0) {
        mirror.ranges.release(range);
      }
    }
  }

  private interface Request {
    void run() throws BlockException;
  }
}
