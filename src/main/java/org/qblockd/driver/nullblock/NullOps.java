// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nullblock;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qblockd.base.BlockException;
import org.qblockd.block.Align;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Extent;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsAllocation;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.Zeroes;

/**
 * Forgets what is written. Reads give zeroes: QEMU leaves the buffer as it is unless read-zeroes is
 * set, but a buffer of ours may hold what another client wrote. Any thread.
 */
final class NullOps implements NodeOps, ReportsExtents, ReportsAllocation {
  private static final int SECTOR = 512;

  private final BlockNode node;
  private final long size;
  private final boolean readsZeroes;
  private final Latency latency;

  /** Whether something was written since the last flush: a flush without that is none. */
  private final AtomicBoolean written = new AtomicBoolean();

  NullOps(BlockNode node, long size, boolean readsZeroes, Latency latency) {
    this.node = node;
    this.size = size;
    this.readsZeroes = readsZeroes;
    this.latency = latency;
  }

  @Override
  public long length() {
    return Align.up(size, SECTOR);
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    latency.await();
    Zeroes.fill(into);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    latency.await();
    from.position(from.limit());
    written.set(true);
  }

  @Override
  public void flush() throws BlockException {
    if (written.getAndSet(false)) {
      latency.await();
    }
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) {
    int flags = readsZeroes ? Extent.OFFSET_VALID | Extent.ZERO : Extent.OFFSET_VALID;
    return new Extent(bytes, flags, offset, node);
  }

  @Override
  public long allocatedBytes() {
    return 0;
  }

  @Override
  public void close() {}

  @Override
  public Limits limits() {
    return Limits.NONE;
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    throw new IllegalStateException("a null node has no children");
  }
}
