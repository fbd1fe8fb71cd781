// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.blkverify;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Child;
import org.qblockd.block.DefaultPerms;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsAllocation;
import org.qblockd.block.RequestFlags;

/**
 * Does everything on both children and compares. What is shown is the child {@code test}. Threads
 * as in {@link NodeOps}.
 */
final class BlkverifyOps implements NodeOps, ReportsAllocation {
  private interface Request {
    void run() throws BlockException;
  }

  private final Child raw;
  private final Child test;
  private final Consumer<String> mismatch;

  BlkverifyOps(Child raw, Child test, Consumer<String> mismatch) {
    this.raw = raw;
    this.test = test;
    this.mismatch = mismatch;
  }

  @Override
  public long length() throws BlockException {
    return test.length();
  }

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    ByteBuffer tested = into.slice();
    ByteBuffer other = ByteBuffer.allocateDirect(into.remaining());
    String what = "read offset=" + offset + " bytes=" + into.remaining();
    both(
        what,
        () -> test.read(offset, tested.duplicate(), flags),
        () -> raw.read(offset, other.duplicate(), flags));
    int at = tested.mismatch(other);
    if (at >= 0) {
      mismatch.accept("blkverify: " + what + " contents mismatch at offset " + (offset + at));
    }
    into.position(into.limit());
  }

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    int passed = flags & RequestFlags.WRITE_UNCHANGED;
    both(
        "write offset=" + offset + " bytes=" + from.remaining(),
        () -> test.write(offset, from.duplicate(), passed),
        () -> raw.write(offset, from.duplicate(), passed));
    from.position(from.limit());
  }

  /** Does both; different results end the process, the same error is this node's. */
  private void both(String what, Request onTest, Request onRaw) throws BlockException {
    BlockException tested = failure(onTest);
    BlockException other = failure(onRaw);
    int result = number(tested);
    if (result != number(other)) {
      mismatch.accept(
          "blkverify: %s return value mismatch %d != %d".formatted(what, result, number(other)));
    }
    if (tested != null) {
      throw tested;
    }
  }

  private static @Nullable BlockException failure(Request request) {
    try {
      request.run();
      return null;
    } catch (BlockException failed) {
      return failed;
    }
  }

  private static int number(@Nullable BlockException failure) {
    return failure == null ? 0 : -failure.errno().number();
  }

  /** Two children hold the same: no number would be right. */
  @Override
  public long allocatedBytes() throws BlockException {
    throw BlockException.io(Errno.ENOTSUP);
  }

  /** The copy is only there to be compared with. */
  @Override
  public void flush() throws BlockException {
    test.flush();
  }

  @Override
  public void close() {}

  @Override
  public Limits limits() {
    return Limits.NONE;
  }

  @Override
  public Perms childPerms(Child child, Perms wanted) {
    return DefaultPerms.byRole(child, wanted, false);
  }
}
