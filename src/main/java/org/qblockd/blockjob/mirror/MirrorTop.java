// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.FilterOps;
import org.qblockd.block.NeverFrozen;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.RequestFlags;
import org.qblockd.blockcopy.BusyRanges;

/**
 * The filter over a mirror's source, {@code mirror_top}: sees every write, marks it for the
 * background copy, or copies it before it completes. Any thread.
 */
final class MirrorTop extends FilterOps implements NeverFrozen {
  private final MirrorState mirror;

  private final boolean targetIsBacking;

  /**
   * A filter over the source.
   *
   * @param targetIsBacking whether the target lies in the source's own backing chain
   */
  MirrorTop(Child source, MirrorState mirror, boolean targetIsBacking) {
    super(source);
    this.mirror = mirror;
    this.targetIsBacking = targetIsBacking;
  }

  /** The source; the copies read here, below the filter. */
  Child source() {
    return file();
  }

  /** A request to the source or the target. */
  private interface Request {
    void run() throws BlockException;
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    ByteBuffer copy = from.duplicate();
    change(
        offset,
        from.remaining(),
        () -> file().write(offset, from, flags),
        () -> mirror.target().write(offset, copy, flags & RequestFlags.FUA));
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    int kept = RequestFlags.FUA | (mirror.unmap ? RequestFlags.MAY_UNMAP : 0);
    change(
        offset,
        bytes,
        () -> file().writeZeroes(offset, bytes, flags),
        () -> mirror.target().writeZeroes(offset, bytes, flags & kept));
  }

  /**
   * What a discarded range reads as is known only afterwards: it is left to the background copy.
   */
  @Override
  public void discard(long offset, long bytes) throws BlockException {
    try {
      file().discard(offset, bytes);
    } finally {
      mirror.markDirty(offset, bytes);
    }
  }

  private void change(long offset, long bytes, Request onSource, Request onTarget)
      throws BlockException {
    if (mirror.copiesWrites() && mirror.fitsTarget(offset, bytes)) {
      BusyRanges.Range range = mirror.takeForWrite(offset, bytes);
      try {
        changeBoth(offset, bytes, onSource, onTarget);
      } finally {
        mirror.ranges.release(range);
      }
      return;
    }
    try {
      onSource.run();
    } finally {
      mirror.markDirty(offset, bytes);
    }
  }

  private void changeBoth(long offset, long bytes, Request onSource, Request onTarget)
      throws BlockException {
    mirror.clearCovered(offset, bytes);
    boolean changed = false;
    try {
      onSource.run();
      changed = true;
    } finally {
      if (!changed) {
        mirror.markDirty(offset, bytes);
      }
    }
    mirror.bytesInFlight.addAndGet(bytes);
    try {
      onTarget.run();
      mirror.copied(bytes);
    } catch (BlockException failed) {
      mirror.markDirty(offset, bytes);
      mirror.failed(false, failed.errno());
    } finally {
      mirror.bytesInFlight.addAndGet(-bytes);
    }
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    if (mirror.stopped()) {
      return Perms.NONE;
    }
    Perms usual = super.childPerms(child, wanted);
    if (!targetIsBacking) {
      return usual;
    }
    // Above the target nobody may rely on what is read; and writes to the target are our own.
    return new Perms(usual.used() & ~Permission.CONSISTENT_READ, usual.shared() | Permission.WRITE);
  }
}
