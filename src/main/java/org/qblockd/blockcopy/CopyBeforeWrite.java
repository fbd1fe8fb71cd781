// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.block.Align;
import org.qblockd.block.BlockNode;
import org.qblockd.block.Child;
import org.qblockd.block.Extent;
import org.qblockd.block.FilterOps;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.RequestFlags;

/**
 * The filter {@code copy-before-write}: a write waits until what it would overwrite has been
 * copied. When that fails, the write fails, or the snapshot is given up. Any thread.
 */
public final class CopyBeforeWrite extends FilterOps implements ReadsSnapshot {
  /**
   * What to do when copying fails or takes long.
   *
   * @param breakSnapshot whether the write goes on and the snapshot is lost
   * @param timeoutNanos how long a write waits for copies, 0 for ever
   * @param discardSource whether what was copied is discarded in the source
   */
  public record Policy(boolean breakSnapshot, long timeoutNanos, boolean discardSource) {}

  private final Child target;
  private final BlockCopy copy;
  private final SnapshotView snapshot;
  private final Policy policy;
  private final @Nullable TimedCopies timed;

  /** A filter whose writes fail when copying fails. */
  public CopyBeforeWrite(
      Child source, Child target, BlockCopy copy, SnapshotView snapshot, boolean discardSource) {
    this(source, target, copy, snapshot, new Policy(false, 0, discardSource), null);
  }

  /**
   * A filter with a policy.
   *
   * @param clock for the policy's limit of time; may be null when there is none
   */
  public CopyBeforeWrite(
      Child source,
      Child target,
      BlockCopy copy,
      SnapshotView snapshot,
      Policy policy,
      @Nullable Clock clock) {
    super(source);
    this.target = target;
    this.copy = copy;
    this.snapshot = snapshot;
    this.policy = policy;
    this.timed =
        clock != null && policy.timeoutNanos() > 0
            ? new TimedCopies(copy, clock, policy.timeoutNanos())
            : null;
  }

  private void copyBefore(long offset, long bytes) throws BlockException {
    if (snapshot.broken() || bytes == 0) {
      return;
    }
    long start = Align.down(offset, copy.cluster());
    long end = Align.up(offset + bytes, copy.cluster());
    try {
      if (timed == null) {
        copy.copyBefore(start, end - start);
      } else {
        timed.copyBefore(start, end - start);
      }
    } catch (BlockException failed) {
      if (!policy.breakSnapshot()) {
        throw failed;
      }
      snapshot.breakNow(start, end - start);
      return;
    }
    snapshot.save(start, end - start);
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

  // ---- the snapshot ---------------------------------------------------------------------------

  @Override
  public void readSnapshot(long offset, ByteBuffer into) throws BlockException {
    long at = offset;
    int end = into.limit();
    while (into.position() < end) {
      SnapshotView.Part part = snapshot.begin(at, end - into.position());
      try {
        into.limit(into.position() + (int) part.bytes());
        (part.saved() ? target : file()).read(at, into, 0);
      } finally {
        into.limit(end);
        snapshot.done(part);
      }
      at += part.bytes();
    }
  }

  @Override
  public Extent snapshotExtent(long offset, long bytes, boolean wantZero) throws BlockException {
    SnapshotView.Part part = snapshot.begin(offset, bytes);
    try {
      Child place = part.saved() ? target : file();
      return place.extentAt(offset, part.bytes(), wantZero);
    } finally {
      snapshot.done(part);
    }
  }

  @Override
  public void discardSnapshot(long offset, long bytes) throws BlockException {
    long start = Align.up(offset, copy.cluster());
    long end = Align.down(offset + bytes, copy.cluster());
    if (end > start) {
      snapshot.forget(start, end - start);
      copy.forget(start, end - start);
      target.discard(start, end - start);
    }
  }

  @Override
  public void close() {
    if (timed != null) {
      timed.awaitAll();
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
    int own = Permission.CONSISTENT_READ | (policy.discardSource() ? Permission.WRITE : 0);
    return new Perms(
        wanted.used() | own, wanted.shared() & ~(Permission.WRITE | Permission.RESIZE));
  }
}
