// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.DirtyBitmap;
import org.qblockd.block.FilterOps;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.RequestFlags;

/**
 * The filter over a backup's source, {@code copy-before-write}: a write waits until what it would
 * overwrite has been copied; if that fails the write fails. Any thread.
 */
final class CopyBeforeWrite extends FilterOps {
  private final BlockCopy copy;

  /** What was copied because of a write. */
  private final DirtyBitmap copied;

  private final boolean discardSource;

  CopyBeforeWrite(Child source, BlockCopy copy, DirtyBitmap copied, boolean discardSource) {
    super(source);
    this.copy = copy;
    this.copied = copied;
    this.discardSource = discardSource;
  }

  private void copyBefore(long offset, long bytes) throws BlockException {
    copy.copyBefore(offset, bytes);
    copied.set(offset, bytes);
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    if ((flags & RequestFlags.WRITE_UNCHANGED) == 0) {
      copyBefore(offset, from.remaining());
    }
    file().write(offset, from, flags);
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    if ((flags & RequestFlags.WRITE_UNCHANGED) == 0) {
      copyBefore(offset, bytes);
    }
    file().writeZeroes(offset, bytes, flags);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    copyBefore(offset, bytes);
    file().discard(offset, bytes);
  }

  /** When the filter has been taken out, the source is no longer its business. */
  @Override
  public void flush() throws BlockException {
    BlockNode self = file().parent().asNode();
    if (self != null && self.filtered() == file()) {
      super.flush();
    }
  }

  /**
   * The source must not be written past this filter; the target may be written by others, which is
   * what happens when it is in the backing chain of another drive.
   */
  @Override
  public Perms childPerms(Child child, Perms wanted) {
    if (child.name().equals("target")) {
      return new Perms(Permission.WRITE, Permission.ALL & ~Permission.RESIZE);
    }
    BlockNode self = child.parent().asNode();
    if (self == null || self.parents().isEmpty()) {
      return wanted;
    }
    int own = Permission.CONSISTENT_READ | (discardSource ? Permission.WRITE : 0);
    return new Perms(
        wanted.used() | own, wanted.shared() & ~(Permission.WRITE | Permission.RESIZE));
  }
}
