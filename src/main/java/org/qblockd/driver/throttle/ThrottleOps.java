// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.throttle;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.FilterOps;
import org.qblockd.block.NoticesDrain;
import org.qblockd.block.throttle.Direction;
import org.qblockd.block.throttle.ThrottleGroup;
import org.qblockd.block.throttle.ThrottleMember;

/** A filter whose requests wait for the limits of a group. Threads as in {@link FilterOps}. */
final class ThrottleOps extends FilterOps implements NoticesDrain {
  private final AtomicInteger drains = new AtomicInteger();
  private final ThrottleMember member = new ThrottleMember(drains);

  /** A filter that uses the group already, and gives it back when it is closed. */
  ThrottleOps(Child file, ThrottleGroup group) {
    super(file);
    member.join(group);
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    member.await(Direction.READ, into.remaining());
    try {
      super.read(offset, into, flags);
    } finally {
      ThrottleMember.done();
    }
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    member.await(Direction.WRITE, from.remaining());
    try {
      super.write(offset, from, flags);
    } finally {
      ThrottleMember.done();
    }
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    member.await(Direction.WRITE, bytes);
    try {
      super.writeZeroes(offset, bytes, flags);
    } finally {
      ThrottleMember.done();
    }
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    member.await(Direction.WRITE, bytes);
    try {
      super.discard(offset, bytes);
    } finally {
      ThrottleMember.done();
    }
  }

  @Override
  public void drainBegin() {
    if (drains.incrementAndGet() == 1) {
      member.retry();
    }
  }

  @Override
  public void drainEnd() {
    drains.decrementAndGet();
  }

  @Override
  public void close() {
    member.leave();
  }
}
