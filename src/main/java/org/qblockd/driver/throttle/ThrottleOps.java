// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.throttle;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.block.Child;
import org.qblockd.block.FilterOps;
import org.qblockd.block.NodeOptions;
import org.qblockd.block.NoticesDrain;
import org.qblockd.block.throttle.Direction;
import org.qblockd.block.throttle.ThrottleGroup;
import org.qblockd.block.throttle.ThrottleGroups;
import org.qblockd.block.throttle.ThrottleMember;
import org.qblockd.driver.ReopensOptions;
import org.qblockd.qapi.types.BlockdevOptions;

/** A filter whose requests wait for the limits of a group. Threads as in {@link FilterOps}. */
final class ThrottleOps extends FilterOps implements NoticesDrain, ReopensOptions {
  private final ThrottleGroups groups;
  private @Nullable String nextGroup;
  private final AtomicInteger drains = new AtomicInteger();
  private final ThrottleMember member = new ThrottleMember(drains);

  /** A filter that uses the group already, and gives it back when it is closed. */
  ThrottleOps(Child file, ThrottleGroups groups, ThrottleGroup group) {
    super(file);
    this.groups = groups;
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
  public void prepareOptions(BlockdevOptions options, NodeOptions next) throws BlockException {
    if (!(options instanceof BlockdevOptions.Throttle throttle)) {
      throw new IllegalArgumentException("options of another driver");
    }
    String name = throttle.data().throttleGroup();
    if (groups.find(name) == null) {
      throw BlockException.invalid("Throttle group '" + name + "' does not exist");
    }
    nextGroup = name;
  }

  @Override
  public void commitOptions() {
    if (nextGroup != null) {
      ThrottleGroup group = groups.use(nextGroup);
      member.leave();
      member.join(group);
    }
    nextGroup = null;
  }

  @Override
  public void abortOptions() {
    nextGroup = null;
  }

  @Override
  public void close() {
    member.leave();
  }
}
