// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkdebug;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Breakpoints;
import org.qblockd.block.Child;
import org.qblockd.block.DebugEvents;
import org.qblockd.block.Extent;
import org.qblockd.block.FilterOps;
import org.qblockd.block.Limits;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsAllocation;
import org.qblockd.block.ReportsExtents;
import org.qblockd.qapi.types.BlkdebugIOType;

/** A filter that fails and stops requests by rules. Threads as in {@link FilterOps}. */
final class BlkdebugOps extends FilterOps
    implements ReportsExtents, ReportsAllocation, DebugEvents, Breakpoints {
  private final RuleBook rules;
  private final Limits limits;
  private final int takes;
  private final int unshares;

  /** Requests that have changed something, and how many of them the last flush has seen. */
  private final AtomicLong changes = new AtomicLong();

  private final AtomicLong flushed = new AtomicLong();

  BlkdebugOps(Child image, RuleBook rules, Limits limits, int takes, int unshares) {
    super(image);
    this.rules = rules;
    this.limits = limits;
    this.takes = takes;
    this.unshares = unshares;
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    rules.check(BlkdebugIOType.READ, offset, into.remaining());
    super.read(offset, into, flags);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    rules.event("pwritev");
    try {
      rules.check(BlkdebugIOType.WRITE, offset, from.remaining());
      super.write(offset, from, flags);
    } finally {
      long unused = changes.incrementAndGet();
    }
    rules.event("pwritev_done");
  }

  /** Leaves what is smaller than the preferred size to the fallback, to have that tested. */
  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    rules.event("pwritev_zero");
    if (bytes < Math.max(limits.requestAlignment(), limits.writeZeroesAlignment())) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    try {
      rules.check(BlkdebugIOType.WRITE_ZEROES, offset, bytes);
      super.writeZeroes(offset, bytes, flags);
    } finally {
      long unused = changes.incrementAndGet();
    }
    rules.event("pwritev_done");
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    if (bytes < Math.max(limits.requestAlignment(), limits.discardAlignment())) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    try {
      rules.check(BlkdebugIOType.DISCARD, offset, bytes);
      super.discard(offset, bytes);
    } finally {
      long unused = changes.incrementAndGet();
    }
  }

  /** No rule is asked when nothing has changed since the last flush: QEMU sends none then. */
  @Override
  public void flush() throws BlockException {
    long seen = changes.get();
    if (flushed.get() != seen) {
      rules.check(BlkdebugIOType.FLUSH, 0, 0);
    }
    super.flush();
    flushed.set(seen);
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    rules.check(BlkdebugIOType.BLOCK_STATUS, offset, bytes);
    return new Extent(bytes, Extent.RAW | Extent.OFFSET_VALID, offset, file().node());
  }

  /** Not known, unlike that of other filters: so it is in QEMU. */
  @Override
  public long allocatedBytes() throws BlockException {
    throw BlockException.io(Errno.ENOTSUP);
  }

  @Override
  public void close() {
    rules.releaseAll();
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return new Perms(wanted.used() | takes, wanted.shared() & ~unshares);
  }

  @Override
  public void event(String event) {
    rules.event(event);
  }

  @Override
  public void breakAt(String event, String tag) throws BlockException {
    rules.breakAt(event, tag);
  }

  @Override
  public void resume(String tag) throws BlockException {
    rules.resume(tag);
  }

  @Override
  public void removeBreak(String tag) throws BlockException {
    rules.removeBreak(tag);
  }

  @Override
  public boolean isSuspended(String tag) {
    return rules.isSuspended(tag);
  }

  @Override
  public long suspensions() {
    return rules.suspensions();
  }
}
