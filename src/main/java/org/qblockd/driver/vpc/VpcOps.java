// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.vpc;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Child;
import org.qblockd.block.DefaultPerms;
import org.qblockd.block.Extent;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.block.Zeroes;

/** Reads an image. Threads as in {@link NodeOps}. */
final class VpcOps implements NodeOps, ReportsExtents, ReportsImageInfo {
  private final Child file;
  private final VpcFooter footer;
  private final VpcTable table;

  VpcOps(Child file, VpcFooter footer, VpcTable table) {
    this.file = file;
    this.footer = footer;
    this.table = table;
  }

  @Override
  public long length() {
    return footer.length();
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    long at = offset;
    int end = into.limit();
    while (into.position() < end) {
      Extent piece = extentAt(at, end - into.position(), true);
      into.limit(into.position() + (int) piece.length());
      if (piece.has(Extent.ZERO)) {
        Zeroes.fill(into);
      } else {
        file.read(piece.hostOffset(), into, 0);
      }
      into.limit(end);
      at += piece.length();
    }
  }

  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) {
    if (footer.fixed()) {
      return new Extent(bytes, Extent.RAW | Extent.OFFSET_VALID, offset, file.node());
    }
    long length = Math.min(bytes, table.block() - offset % table.block());
    long place = table.placeOf(offset);
    return place < 0
        ? Extent.of(length, Extent.ZERO)
        : new Extent(length, Extent.DATA | Extent.OFFSET_VALID, place, file.node());
  }

  /** Nodes of this driver are read-only. */
  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    throw BlockException.io(Errno.EPERM);
  }

  @Override
  public void flush() throws BlockException {
    file.flush();
  }

  @Override
  public void close() {}

  @Override
  public Limits limits() {
    return Limits.aligned(512);
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return DefaultPerms.byRole(child, wanted, true);
  }

  @Override
  public ImageFacts imageFacts() {
    return new ImageFacts(table.block(), false);
  }
}
