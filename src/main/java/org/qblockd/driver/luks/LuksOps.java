// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.luks;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.Errno;
import org.qblockd.base.PooledBuffer;
import org.qblockd.block.Child;
import org.qblockd.block.DefaultPerms;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsImageInfo;
import org.qblockd.block.Resizes;
import org.qblockd.crypto.LuksVolume;
import org.qblockd.crypto.SectorCipher;
import org.qblockd.driver.FormatSpecific;
import org.qblockd.driver.LuksTypes;
import org.qblockd.qapi.types.ImageInfoSpecific;
import org.qblockd.qapi.types.ImageInfoSpecificLUKSWrapper;

/** Reads and writes what a LUKS volume holds. Threads as in {@link NodeOps}. */
final class LuksOps implements NodeOps, Resizes, FormatSpecific, ReportsImageInfo {
  /** Encrypted bytes are written in pieces of this size, through a buffer. */
  private static final int PIECE_BYTES = 1 << 20;

  private final Child file;
  private final @Nullable Child header;
  private final LuksVolume volume;
  private final boolean readOnly;

  LuksOps(Child file, @Nullable Child header, LuksVolume volume, boolean readOnly) {
    this.file = file;
    this.header = header;
    this.volume = volume;
    this.readOnly = readOnly;
  }

  LuksVolume volume() {
    return volume;
  }

  /** Where the header lies. */
  ChildArea area() {
    return new ChildArea(header == null ? file : header);
  }

  private long payload() {
    return volume.header().payloadOffset();
  }

  @Override
  public long length() throws BlockException {
    long length = file.length();
    if (payload() > length) {
      throw BlockException.io(Errno.EINVAL);
    }
    return length - payload();
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    int start = into.position();
    file.read(payload() + offset, into, 0);
    volume.cipher().decrypt(offset, into.duplicate().position(start));
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    long at = offset;
    while (from.hasRemaining()) {
      int bytes = Math.min(PIECE_BYTES, from.remaining());
      try (PooledBuffer pooled = BufferPool.get(bytes)) {
        ByteBuffer piece = pooled.buffer().clear().limit(bytes);
        piece.put(from.slice(from.position(), bytes)).flip();
        volume.cipher().encrypt(at, piece.duplicate());
        file.write(payload() + at, piece, 0);
      }
      from.position(from.position() + bytes);
      at += bytes;
    }
  }

  @Override
  public void flush() throws BlockException {
    file.flush();
  }

  @Override
  public void resize(long length, boolean exact, String preallocation, boolean zeroNew)
      throws BlockException {
    if (length > Long.MAX_VALUE - payload()) {
      throw BlockException.of(Errno.EFBIG, "The requested file size is too large");
    }
    file.resize(length + payload(), exact, preallocation, false);
  }

  @Override
  public void close() {}

  @Override
  public Limits limits() {
    return Limits.aligned(SectorCipher.SECTOR_BYTES);
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return DefaultPerms.byRole(child, wanted, readOnly);
  }

  @Override
  public ImageFacts imageFacts() {
    return new ImageFacts(0, false);
  }

  @Override
  public boolean encrypted() {
    return true;
  }

  @Override
  public ImageInfoSpecific imageInfoSpecific() {
    return new ImageInfoSpecific.Luks(
        new ImageInfoSpecificLUKSWrapper(LuksTypes.info(volume.header(), header != null)));
  }
}
