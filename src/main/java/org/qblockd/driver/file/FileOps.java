// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.file;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.base.Pages;
import org.qblockd.block.Activates;
import org.qblockd.block.Align;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.CopiesRange;
import org.qblockd.block.Discards;
import org.qblockd.block.EnforcesPermissions;
import org.qblockd.block.Extent;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.ReadsPages;
import org.qblockd.block.Reopens;
import org.qblockd.block.ReportsAllocation;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.block.RequestFlags;
import org.qblockd.block.Resizes;
import org.qblockd.block.StartsWriteback;
import org.qblockd.block.WritesZeroes;
import org.qblockd.driver.DriverStatistics;
import org.qblockd.driver.FormatSpecific;
import org.qblockd.qapi.types.BlockStatsSpecific;
import org.qblockd.qapi.types.ImageInfoSpecific;
import org.qblockd.storage.FdSets;
import org.qblockd.storage.HostExtent;
import org.qblockd.storage.HostFile;
import org.qblockd.storage.HostOpen;

/**
 * A host file as a node. Requests from any thread; permissions, reopening and closing on the
 * control lane.
 */
final class FileOps
    implements NodeOps,
        WritesZeroes,
        Discards,
        ReportsExtents,
        Resizes,
        Reopens,
        ReportsAllocation,
        ReportsImageInfo,
        CopiesRange,
        ReadsPages,
        StartsWriteback,
        EnforcesPermissions,
        DriverStatistics,
        Activates,
        FormatSpecific {
  private static final int SECTOR = 512;
  private static final int WRITING =
      Permission.WRITE | Permission.WRITE_UNCHANGED | Permission.RESIZE;

  private final BlockNode node;
  private final FileHandle handle;
  private final DiscardCounters discards = new DiscardCounters();

  /** The length in bytes as the file has it; grows by writes, changes by resize. */
  private final AtomicLong size = new AtomicLong();

  /** Counts what a flush would have to bring to the disk; counted when it is done, not before. */
  private final AtomicLong changes = new AtomicLong();

  private volatile long flushedChanges;

  private final DataRun dataRun = new DataRun();

  private FileOps(BlockNode node, FileHandle handle) throws BlockException {
    this.node = node;
    this.handle = handle;
    size.set(handle.file().length());
  }

  /** Opens the file; whether it is written and how its cache is used is what the node says. */
  static FileOps open(BlockNode node, String path, HostOpen how, FdSets sets)
      throws BlockException {
    FileHandle handle = FileHandle.open(node, path, how, sets);
    try {
      return new FileOps(node, handle);
    } catch (BlockException e) {
      handle.close();
      throw e;
    }
  }

  /** Operations on a file that is open already; tests put other kinds of files in. */
  static FileOps over(BlockNode node, HostFile file) throws BlockException {
    return new FileOps(node, FileHandle.over(node, file));
  }

  /** As in QEMU, whole sectors: the rest of the last one reads as zeroes. */
  @Override
  public long length() {
    return Align.up(size.get(), SECTOR);
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    handle.file().read(offset, into);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    int bytes = from.remaining();
    HostFile file = handle.file();
    try {
      file.write(offset, from);
    } finally {
      changes.incrementAndGet();
    }
    grown(offset + bytes);
  }

  @Override
  public void startWriteback() {
    if (!node.options().cacheNoFlush()) {
      handle.file().startWriteback();
    }
  }

  private void grown(long end) {
    if (end > size.get()) {
      size.accumulateAndGet(end, Math::max);
    }
  }

  /** Nothing to do when nothing was written since the last flush, or with cache.no-flush. */
  @Override
  public void flush() throws BlockException {
    long now = changes.get();
    if (now == flushedChanges || node.options().cacheNoFlush()) {
      return;
    }
    handle.file().flush();
    flushedChanges = now;
  }

  @Override
  public void close() {
    handle.close();
  }

  @Override
  public Limits limits() {
    return Limits.aligned(handle.file().alignment());
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    throw new IllegalStateException("a file has no children");
  }

  // ---- zeroes, discard, status ----------------------------------------------------------------

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    HostFile file = handle.file();
    try {
      if ((flags & RequestFlags.MAY_UNMAP) == 0 || !punched(file, offset, bytes)) {
        file.zeroRange(offset, bytes);
      }
    } finally {
      dataRun.forget();
      changes.incrementAndGet();
    }
    grown(offset + bytes);
  }

  /** A hole, which never makes the file longer. */
  private boolean punched(HostFile file, long offset, long bytes) throws BlockException {
    try {
      if (offset + bytes > size.get()) {
        return false;
      }
      file.punchHole(offset, bytes);
      return true;
    } catch (BlockException e) {
      if (e.errno() != Errno.ENOTSUP) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    long inside = Math.min(bytes, size.get() - offset);
    try {
      if (inside > 0) {
        handle.file().punchHole(offset, inside);
      }
      discards.succeeded(bytes);
    } catch (BlockException e) {
      discards.failed();
      throw e;
    } finally {
      dataRun.forget();
      changes.incrementAndGet();
    }
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    int place = Extent.OFFSET_VALID;
    if (!wantZero) {
      return new Extent(bytes, Extent.DATA | place, offset, node);
    }
    long knownEnd = dataRun.endOfDataAt(offset);
    if (knownEnd >= offset + bytes) {
      return new Extent(bytes, Extent.DATA | place, offset, node);
    }
    long age = dataRun.age();
    HostExtent run = handle.file().extentAt(offset);
    dataRun.found(offset, run, age);
    long length = Math.min(bytes, run.end() - offset);
    if (run.data() && length < bytes && run.end() >= size.get()) {
      // The rest of the last sector belongs to the data before it.
      length = Math.min(bytes, Align.up(run.end(), SECTOR) - offset);
    }
    return new Extent(length, (run.data() ? Extent.DATA : Extent.ZERO) | place, offset, node);
  }

  // ---- length ---------------------------------------------------------------------------------

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    HostFile file = handle.file();
    if (handle.isDevice()) {
      FileResize.checkDevice(file, length, exact, preallocation);
      return;
    }
    try {
      FileResize.to(file, length, preallocation);
    } finally {
      dataRun.forget();
      changes.incrementAndGet();
      size.set(file.length());
    }
  }

  // ---- facts ----------------------------------------------------------------------------------

  @Override
  public long allocatedBytes() throws BlockException {
    return handle.file().allocatedBytes();
  }

  @Override
  public ImageFacts imageFacts() {
    return new ImageFacts(0, false);
  }

  @Override
  public BlockStatsSpecific statistics() {
    return discards.statistics(handle.isDevice());
  }

  @Override
  public ImageInfoSpecific imageInfoSpecific() {
    return DiscardCounters.noFormatFacts();
  }

  @Override
  public void copyRange(long offset, NodeOps target, long targetOffset, long bytes)
      throws BlockException {
    if (!(target instanceof FileOps other)) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    try {
      handle.file().copyRange(offset, other.handle.file(), targetOffset, bytes);
    } finally {
      other.changes.incrementAndGet();
    }
    other.grown(targetOffset + bytes);
  }

  @Override
  public @Nullable Pages readPages(long offset, int bytes) {
    return handle.file().pages(offset, bytes);
  }

  // ---- permissions and reopening --------------------------------------------------------------

  @Override
  public void preparePermissions(Perms perms) throws BlockException {
    boolean writes = (perms.used() & WRITING) != 0;
    handle.prepare(perms, writes && !node.readOnly());
  }

  @Override
  public void commitPermissions(Perms perms) {
    handle.commit(perms);
  }

  @Override
  public void abortPermissions() {
    handle.abort();
  }

  @Override
  public void inactivate() {}

  /** Another process may have made the file longer or shorter. */
  @Override
  public void activate() throws BlockException {
    dataRun.forget();
    size.set(handle.file().length());
  }

  @Override
  public void prepareReopen(NodeOptions next) throws BlockException {
    handle.prepareReopen(!next.readOnly(), next.cacheDirect());
  }

  @Override
  public void commitReopen() {
    handle.commitReopen();
  }

  @Override
  public void abortReopen() {
    handle.abortReopen();
  }
}
