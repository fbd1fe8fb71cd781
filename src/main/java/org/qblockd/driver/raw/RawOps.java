// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.raw;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Align;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.DebugEvents;
import org.qblockd.block.DefaultPerms;
import org.qblockd.block.Discards;
import org.qblockd.block.Extent;
import org.qblockd.block.ForwardsRange;
import org.qblockd.block.GivesUpWaiting;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.block.Resizes;
import org.qblockd.block.WritesZeroes;
import org.qblockd.driver.ReopensOptions;
import org.qblockd.qapi.types.BlockdevOptions;

/** Passes requests on, shifted by an offset. Threads as in {@link NodeOps}. */
class RawOps
    implements NodeOps,
        WritesZeroes,
        Discards,
        ReportsExtents,
        Resizes,
        ForwardsRange,
        GivesUpWaiting,
        ReopensOptions {
  /** Over a child that has image facts: they are this node's too. */
  static final class OverInformedFile extends RawOps implements ReportsImageInfo {
    private final Child file;

    OverInformedFile(Child file, RawRange range, SectorGuard guard) {
      super(file, range, guard);
      this.file = file;
    }

    @Override
    public ImageFacts imageFacts() {
      ReportsImageInfo below = informed(file.node());
      return below == null ? new ImageFacts(0, false) : below.imageFacts();
    }
  }

  private final Child file;
  private volatile RawRange range;
  private @Nullable RawRange nextRange;
  private final SectorGuard guard;

  RawOps(Child file, RawRange range, SectorGuard guard) {
    this.file = file;
    this.range = range;
    this.guard = guard;
  }

  /** The node, or what it filters, if there are facts about it. */
  static @Nullable ReportsImageInfo informed(BlockNode node) {
    ReportsImageInfo reports = node.capability(ReportsImageInfo.class);
    Child filtered = node.filtered();
    return reports != null || filtered == null ? reports : informed(filtered.node());
  }

  @Override
  public long length() throws BlockException {
    return Align.up(range.length(file), SectorGuard.BYTES);
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    DebugEvents.raise(file, "read_aio");
    file.read(range.inChild(offset, into.remaining(), Errno.EINVAL), into, flags);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    guard.check(offset, from);
    DebugEvents.raise(file, "write_aio");
    file.write(range.inChild(offset, from.remaining(), Errno.ENOSPC), from, flags);
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    file.writeZeroes(range.inChild(offset, bytes, Errno.ENOSPC), bytes, flags);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    file.discard(range.inChild(offset, bytes, Errno.ENOSPC), bytes);
  }

  @Override
  public void giveUpWaiting() {
    GivesUpWaiting.in(file.node());
  }

  @Override
  public void flush() throws BlockException {
    file.flush();
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    long place = range.inChild(offset, bytes, Errno.EINVAL);
    return new Extent(bytes, Extent.RAW | Extent.OFFSET_VALID, place, file.node());
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    if (range.limited()) {
      throw BlockException.of(Errno.ENOTSUP, "Cannot resize fixed-size raw disks");
    }
    if (length > Long.MAX_VALUE - range.offset()) {
      throw BlockException.invalid("Disk size too large for the chosen offset");
    }
    file.resize(length + range.offset(), exact, preallocation, zeroNew);
  }

  @Override
  public void prepareOptions(BlockdevOptions options, NodeOptions next) throws BlockException {
    if (!(options instanceof BlockdevOptions.Raw raw)) {
      throw new IllegalArgumentException("options of another driver");
    }
    nextRange = RawDriver.range(file, raw.data());
  }

  /** Whether the prepared options would show other bytes. */
  boolean changesRange() {
    return nextRange != null && !nextRange.equals(range);
  }

  @Override
  public void commitOptions() {
    if (nextRange != null) {
      range = nextRange;
    }
    nextRange = null;
  }

  @Override
  public void abortOptions() {
    nextRange = null;
  }

  @Override
  public void close() {}

  @Override
  public Child forwardedTo() {
    return file;
  }

  /** What the guard must look at passes through it. */
  @Override
  public long forwarded(long offset, long bytes, boolean write) throws BlockException {
    if (write && guard.active() && offset < SectorGuard.BYTES) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    return range.inChild(offset, bytes, Errno.ENOTSUP);
  }

  /** A guessed format needs whole sectors, so that {@link SectorGuard} sees all of the first. */
  @Override
  public Limits limits() {
    return guard.active() ? Limits.aligned(SectorGuard.BYTES) : Limits.NONE;
  }

  @Override
  public boolean writesThrough() {
    return true;
  }

  /** Needs no more than its users do: it writes nothing of its own. */
  @Override
  public Perms childPerms(Child child, Perms wanted) {
    if (!range.limited() && range.offset() == 0) {
      return DefaultPerms.filter(wanted);
    }
    int shared = wanted.shared() & ~Permission.RESIZE;
    return new Perms(wanted.used(), shared);
  }
}
