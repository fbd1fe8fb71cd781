// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.vdi;

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
final class VdiOps implements NodeOps, ReportsExtents, ReportsImageInfo {
  /** From here on entries mean that a block is not stored, unsigned. */
  private static final int NOT_STORED = 0xfffffffe;

  private final Child file;
  private final VdiHeader header;
  private final int[] map;

  VdiOps(Child file, VdiHeader header, int[] map) {
    this.file = file;
    this.header = header;
    this.map = map;
  }

  @Override
  public long length() {
    return header.length();
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
    int inBlock = (int) (offset % VdiHeader.BLOCK);
    long length = Math.min(bytes, VdiHeader.BLOCK - inBlock);
    int entry = map[(int) (offset / VdiHeader.BLOCK)];
    if (Integer.compareUnsigned(entry, NOT_STORED) >= 0) {
      return Extent.of(length, Extent.ZERO);
    }
    long place = header.dataOffset() + Integer.toUnsignedLong(entry) * VdiHeader.BLOCK + inBlock;
    int recurse = header.fixed() ? Extent.RECURSE : 0;
    return new Extent(length, Extent.DATA | Extent.OFFSET_VALID | recurse, place, file.node());
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
    return new ImageFacts(VdiHeader.BLOCK, false);
  }
}
