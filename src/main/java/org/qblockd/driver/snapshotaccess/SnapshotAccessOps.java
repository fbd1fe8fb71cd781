// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.snapshotaccess;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Child;
import org.qblockd.block.Discards;
import org.qblockd.block.Extent;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.WritesZeroes;
import org.qblockd.blockcopy.ReadsSnapshot;

/** Reads of a snapshot. Threads as in {@link NodeOps}. */
final class SnapshotAccessOps implements NodeOps, WritesZeroes, Discards, ReportsExtents {
  private final Child file;
  private final long length;

  SnapshotAccessOps(Child file, long length) {
    this.file = file;
    this.length = length;
  }

  @Override
  public long length() {
    return length;
  }

  private ReadsSnapshot snapshot() throws BlockException {
    ReadsSnapshot snapshot = file.node().capability(ReadsSnapshot.class);
    if (snapshot == null) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    return snapshot;
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    snapshot().readSnapshot(offset, into);
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) throws BlockException {
    return snapshot().snapshotExtent(offset, bytes, wantZero);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    snapshot().discardSnapshot(offset, bytes);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    throw BlockException.io(Errno.ENOTSUP);
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    throw BlockException.io(Errno.ENOTSUP);
  }

  @Override
  public void flush() throws BlockException {
    file.flush();
  }

  @Override
  public void close() {}

  @Override
  public Limits limits() {
    return Limits.NONE;
  }

  /** The filter below keeps writes and reads apart, so others may do what they like. */
  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return new Perms(wanted.used(), Permission.ALL);
  }
}
