// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.quorum;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.ChangesChildren;
import org.qblockd.block.Child;
import org.qblockd.block.ChildRole;
import org.qblockd.block.Extent;
import org.qblockd.block.Limits;
import org.qblockd.block.NodeOps;
import org.qblockd.block.Permission;
import org.qblockd.block.Perms;
import org.qblockd.block.ReportsExtents;
import org.qblockd.block.RequestFlags;
import org.qblockd.block.WritesZeroes;
import org.qblockd.qapi.types.QuorumOpType;

/** A node whose data are what enough of its children agree on. Threads as in {@link NodeOps}. */
final class QuorumOps implements NodeOps, WritesZeroes, ReportsExtents, ChangesChildren {
  /**
   * How the node decides.
   *
   * @param threshold how many must agree
   * @param fifo whether a read asks one child after the other until one succeeds
   * @param verify whether a difference between the two children ends the process
   * @param rewrite whether outvoted children are corrected
   */
  record Rules(int threshold, boolean fifo, boolean verify, boolean rewrite) {}

  private final BlockNode node;
  private final long length;
  private final Rules rules;
  private final QuorumListener listener;

  /** Changes on the lane, while the node is drained. */
  private volatile List<Child> children;

  /** Writes hold it for reading; a read that must not meet any, for writing. */
  private final ReadWriteLock writing = new ReentrantReadWriteLock(true);

  private final AtomicLong writesBegun = new AtomicLong();
  private final AtomicLong writesEnded = new AtomicLong();

  /** The number of the next child's edge. Lane only. */
  private int nextIndex;

  QuorumOps(
      BlockNode node, List<Child> children, long length, Rules rules, QuorumListener listener) {
    this.node = node;
    this.children = List.copyOf(children);
    this.length = length;
    this.rules = rules;
    this.listener = listener;
    this.nextIndex = children.size();
  }

  @Override
  public long length() {
    return length;
  }

  // ---- reading --------------------------------------------------------------------------------

  @Override
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    if (rules.fifo()) {
      readFirst(offset, into, flags);
    } else {
      readVoted(offset, into, flags);
    }
  }

  private void readFirst(long offset, ByteBuffer into, int flags) throws BlockException {
    int start = into.position();
    BlockException last = BlockException.io(Errno.EIO);
    for (Child child : children) {
      try {
        child.read(offset, into.position(start), flags);
        return;
      } catch (BlockException failed) {
        last = failed;
        bad(QuorumOpType.READ, child, offset, into.limit() - start, failed);
      }
    }
    throw last;
  }

  /**
   * A write that is under way reaches the children one after another, so that they may differ
   * without fault: then all are asked once more, between the writes.
   */
  private void readVoted(long offset, ByteBuffer into, int flags) throws BlockException {
    long ended = writesEnded.get();
    long begun = writesBegun.get();
    if (readVoted(offset, into, flags, () -> begun == ended && writesBegun.get() == begun)) {
      return;
    }
    writing.writeLock().lock();
    try {
      boolean settled = readVoted(offset, into, flags, () -> true);
      assert settled;
    } finally {
      writing.writeLock().unlock();
    }
  }

  /** False, and nothing was decided, when the children differ and it was not {@code quiet}. */
  private boolean readVoted(long offset, ByteBuffer into, int flags, BooleanSupplier quiet)
      throws BlockException {
    List<Child> asked = children;
    int bytes = into.remaining();
    ByteBuffer[] answers = new ByteBuffer[asked.size()];
    @Nullable BlockException[] failures =
        Everyone.ask(
            asked.size(),
            i -> {
              // Straight to its place: mostly all agree.
              ByteBuffer answer = i == 0 ? into.slice() : ByteBuffer.allocateDirect(bytes);
              answers[i] = answer;
              asked.get(i).read(offset, answer.duplicate(), flags);
            });
    checkSuccesses(asked, failures, QuorumOpType.READ, offset, bytes);
    Ballot ballot = new Ballot(answers, failures);
    if (!ballot.unanimous() && !quiet.getAsBoolean()) {
      return false;
    }
    if (rules.verify()) {
      verify(answers, offset, bytes);
    } else if (!ballot.unanimous()) {
      decide(asked, ballot, offset, bytes);
    }
    int first = ballot.winner().first();
    ByteBuffer winner = answers[first];
    if (first != 0) {
      into.duplicate().put(winner.duplicate());
    }
    into.position(into.limit());
    if (rules.rewrite() && !ballot.unanimous()) {
      rewrite(asked, ballot, offset, winner, flags);
    }
    return true;
  }

  /** With a difference this does not return. */
  private void verify(ByteBuffer[] answers, long offset, int bytes) {
    int at = answers[0].mismatch(answers[1]);
    if (at >= 0) {
      listener.mismatch(
          "quorum: offset=%d bytes=%d contents mismatch at offset %d"
              .formatted(offset, bytes, offset + at));
    }
  }

  private void decide(List<Child> asked, Ballot ballot, long offset, int bytes)
      throws BlockException {
    if (ballot.winner().voters().size() < rules.threshold()) {
      listener.failure(node, offset, bytes);
      throw BlockException.io(Errno.EIO);
    }
    for (int loser : ballot.losers()) {
      listener.bad(QuorumOpType.READ, asked.get(loser).node(), offset, bytes, null);
    }
  }

  private static void rewrite(
      List<Child> asked, Ballot ballot, long offset, ByteBuffer winner, int flags) {
    for (int loser : ballot.losers()) {
      try {
        asked.get(loser).write(offset, winner.duplicate(), flags & ~RequestFlags.WRITE_UNCHANGED);
      } catch (BlockException stillBad) {
        // Only an attempt to correct what is wrong already: the next read reports it again.
      }
    }
  }

  // ---- writing --------------------------------------------------------------------------------

  @Override
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    int bytes = from.remaining();
    List<Child> asked = children;
    int passed = flags & RequestFlags.WRITE_UNCHANGED;
    @Nullable BlockException[] failures =
        change(asked.size(), i -> asked.get(i).write(offset, from.duplicate(), passed));
    checkSuccesses(asked, failures, QuorumOpType.WRITE, offset, bytes);
    from.position(from.limit());
  }

  @Override
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    List<Child> asked = children;
    @Nullable BlockException[] failures =
        change(asked.size(), i -> asked.get(i).writeZeroes(offset, bytes, flags));
    checkSuccesses(asked, failures, QuorumOpType.WRITE, offset, bytes);
  }

  private @Nullable BlockException[] change(int count, Everyone.Request request) {
    writing.readLock().lock();
    writesBegun.incrementAndGet();
    try {
      return Everyone.ask(count, request);
    } finally {
      writesEnded.incrementAndGet();
      writing.readLock().unlock();
    }
  }

  @Override
  public void flush() throws BlockException {
    List<Child> asked = children;
    @Nullable BlockException[] failures = Everyone.ask(asked.size(), i -> asked.get(i).flush());
    int successes = report(asked, failures, QuorumOpType.FLUSH, 0, 0);
    if (successes < rules.threshold()) {
      throw Ballot.commonest(failures);
    }
  }

  private void checkSuccesses(
      List<Child> asked,
      @Nullable BlockException[] failures,
      QuorumOpType operation,
      long offset,
      long bytes)
      throws BlockException {
    if (report(asked, failures, operation, offset, bytes) < rules.threshold()) {
      listener.failure(node, offset, bytes);
      throw Ballot.commonest(failures);
    }
  }

  /** Reports who failed; returns how many did not. */
  private int report(
      List<Child> asked,
      @Nullable BlockException[] failures,
      QuorumOpType operation,
      long offset,
      long bytes) {
    int successes = 0;
    for (int i = 0; i < failures.length; i++) {
      BlockException failure = failures[i];
      if (failure == null) {
        successes++;
      } else {
        bad(operation, asked.get(i), offset, bytes, failure);
      }
    }
    return successes;
  }

  private void bad(
      QuorumOpType operation, Child child, long offset, long bytes, BlockException failure) {
    listener.bad(operation, child.node(), offset, bytes, failure.errno().text());
  }

  // ---- status ---------------------------------------------------------------------------------

  /** Zero is what all call zero; data is as long as the longest says. */
  @Override
  public Extent extentAt(long offset, long bytes, boolean wantZero) {
    long zero = bytes;
    long data = 0;
    for (Child child : children) {
      try {
        Extent extent = BlockStatus.above(child.node(), null, offset, bytes, wantZero);
        if (extent.has(Extent.ZERO)) {
          zero = Math.min(zero, extent.length());
        } else {
          data = Math.max(data, extent.length());
        }
      } catch (BlockException failed) {
        bad(QuorumOpType.READ, child, offset, bytes, failed);
        return Extent.of(bytes, Extent.DATA);
      }
    }
    return data > 0 ? Extent.of(data, Extent.DATA) : Extent.of(zero, Extent.ZERO);
  }

  // ---- children -------------------------------------------------------------------------------

  @Override
  public void addChild(BlockGraph graph, BlockNode child) throws BlockException {
    if (rules.verify()) {
      throw BlockException.invalid("Cannot add a child to a quorum in blkverify mode");
    }
    graph.drained(
        node,
        () -> {
          Child added =
              graph.attach(node, "children." + nextIndex, ChildRole.DATA, child, Perms.NONE);
          nextIndex++;
          List<Child> more = new ArrayList<>(children);
          more.add(added);
          children = List.copyOf(more);
          return added;
        });
  }

  @Override
  public void removeChild(BlockGraph graph, Child child) throws BlockException {
    if (children.size() <= rules.threshold()) {
      throw BlockException.invalid(
          "The number of children cannot be lower than the vote threshold " + rules.threshold());
    }
    graph.drained(
        node,
        () -> {
          if (child.name().equals("children." + (nextIndex - 1))) {
            nextIndex--;
          }
          List<Child> fewer = new ArrayList<>(children);
          fewer.remove(child);
          children = List.copyOf(fewer);
          graph.detach(child);
          return child;
        });
  }

  /** Nobody else may write or resize a child: they would differ. */
  @Override
  public Perms childPerms(Child child, Perms wanted) {
    int used = rules.rewrite() ? wanted.used() | Permission.WRITE : wanted.used();
    return new Perms(
        used, wanted.shared() & (Permission.CONSISTENT_READ | Permission.WRITE_UNCHANGED));
  }

  @Override
  public Limits limits() {
    int transfer = 0;
    for (Child child : children) {
      NodeOps below = child.node().capability(NodeOps.class);
      int most = below == null ? 0 : below.limits().maxTransfer();
      if (most != 0 && (transfer == 0 || most < transfer)) {
        transfer = most;
      }
    }
    return transfer == 0 ? Limits.NONE : new Limits(1, transfer, 0, 0, 0, 0);
  }

  @Override
  public void close() {}
}
