// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blklogwrites;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.DefaultPerms;
import org.qblockd.block.FilterOps;
import org.qblockd.block.Limits;
import org.qblockd.block.Perms;
import org.qblockd.block.RequestFlags;

/** A filter that logs what is written, after it was written. Threads as in {@link FilterOps}. */
final class LogWritesOps extends FilterOps {
  private interface Request {
    void run() throws BlockException;
  }

  private final WriteLog log;
  private final Limits limits;

  /** Whether anything was written since the last flush: only then a flush is logged. */
  private final AtomicBoolean unflushed = new AtomicBoolean();

  LogWritesOps(Child file, WriteLog log) {
    super(file);
    this.log = log;
    this.limits = Limits.aligned(log.sector());
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    ByteBuffer data = from.duplicate();
    int bytes = from.remaining();
    logged(
        () -> super.write(offset, from, flags),
        () -> log.add(offset, bytes, logFlags(flags), data, 0));
    unflushed.set(true);
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    logged(
        () -> super.writeZeroes(offset, bytes, flags),
        () -> log.add(offset, bytes, logFlags(flags), null, bytes));
    unflushed.set(true);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    logged(
        () -> super.discard(offset, bytes),
        () -> log.add(offset, bytes, LogPlace.DISCARD, null, 0));
    unflushed.set(true);
  }

  @Override
  public void flush() throws BlockException {
    if (unflushed.getAndSet(false)) {
      logged(super::flush, () -> log.add(0, 0, LogPlace.FLUSH, null, 0));
    } else {
      super.flush();
    }
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    super.resize(length, exact, preallocation, zeroNew);
    unflushed.set(true);
  }

  private static long logFlags(int flags) {
    return (flags & RequestFlags.FUA) == 0 ? 0 : LogPlace.FUA;
  }

  /** Also what failed is logged; an error of the log comes first. */
  private static void logged(Request request, Request entry) throws BlockException {
    try {
      request.run();
    } catch (BlockException failed) {
      entry.run();
      throw failed;
    }
    entry.run();
  }

  @Override
  public boolean writesThrough() {
    return false;
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return DefaultPerms.byRole(child, wanted, false);
  }
}
