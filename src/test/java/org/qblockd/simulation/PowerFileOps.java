// SPDX-License-Identifier: Apache-2.0
package org.qblockd.simulation;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;
import org.qblockd.base.BlockException;
import org.qblockd.block.Align;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Discards;
import org.qblockd.block.Extent;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.Perms;
import org.qblockd.block.Reopens;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.Resizes;
import org.qblockd.block.WritesZeroes;
import org.qblockd.storage.CrashFile;
import org.qblockd.storage.HostExtent;

/** A file of a {@link PowerWorld} as a node. Any thread. */
final class PowerFileOps
    implements NodeOps, WritesZeroes, Discards, ReportsExtents, Resizes, Reopens {
  private static final int SECTOR = 512;

  private interface Request {
    void run() throws BlockException;
  }

  private final BlockNode node;
  private final CrashFile file;
  private final Lock power;

  PowerFileOps(BlockNode node, CrashFile file, Lock power) {
    this.node = node;
    this.file = file;
    this.power = power;
  }

  private void powered(Request request) throws BlockException {
    power.lock();
    try {
      request.run();
    } finally {
      power.unlock();
    }
  }

  @Override
  public long length() {
    return Align.up(file.length(), SECTOR);
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) {
    file.read(offset, into);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    powered(() -> file.write(offset, from));
  }

  @Override
  public void flush() throws BlockException {
    powered(file::flush);
  }

  @Override
  public void close() {}

  @Override
  public Limits limits() {
    return Limits.aligned(1);
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    throw new IllegalStateException("a file has no children");
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    powered(() -> file.zeroRange(offset, bytes));
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    powered(() -> {
      long inside = Math.min(bytes, file.length() - offset);
      if (inside > 0) {
        file.punchHole(offset, inside);
      }
    });
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) {
    if (!wantZero) {
      return new Extent(bytes, Extent.DATA | Extent.OFFSET_VALID, offset, node);
    }
    HostExtent run = file.extentAt(offset);
    long length = Math.min(bytes, run.end() - offset);
    if (run.data() && length < bytes && run.end() >= file.length()) {
      length = Math.min(bytes, Align.up(run.end(), SECTOR) - offset);
    }
    int what = run.data() ? Extent.DATA : Extent.ZERO;
    return new Extent(length, what | Extent.OFFSET_VALID, offset, node);
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    powered(() -> file.truncate(length));
  }

  @Override
  public void prepareReopen(NodeOptions next) {}

  @Override
  public void commitReopen() {}

  @Override
  public void abortReopen() {}
}
