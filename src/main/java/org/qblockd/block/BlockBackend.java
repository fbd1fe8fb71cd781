// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.base.SystemClock;
import org.qblockd.block.throttle.Direction;
import org.qblockd.block.throttle.ThrottleMember;

/**
 * A user's end of the graph: a drive, a job's or an export's access to its node. Requests wait here
 * while the node is drained.
 *
 * <p>Requests from any thread; the rest on the control lane.
 */
public final class BlockBackend implements Parent {
  private final BlockGraph graph;
  private String name;
  private volatile Accounting accounting = new Accounting(SystemClock.INSTANCE, true);
  private final AtomicInteger inFlight = new AtomicInteger();

  /** Guards waiting at the gate. */
  private final ReentrantLock gate = new ReentrantLock();

  private final Condition opened = gate.newCondition();
  private final AtomicInteger quiesced = new AtomicInteger();

  /** The backend that has counted the running thread's request in. */
  private static final ScopedValue<BlockBackend> ADMITTED = ScopedValue.newInstance();

  private final List<Runnable> ejecting = new ArrayList<>();

  private volatile @Nullable Child root;
  private Perms perms;
  private String description;
  private boolean writeCache = true;
  private boolean threadFixed;
  private final Inactivity inactivity = new Inactivity();

  /** The group whose limits the requests wait for; null until there is one. */
  private volatile @Nullable ThrottleMember throttle;

  /** A backend without a medium; {@code name} is empty for an anonymous one. */
  public BlockBackend(BlockGraph graph, String name, Perms perms) {
    this.graph = graph;
    this.name = name;
    this.perms = perms;
    this.description = name.isEmpty() ? "an unnamed block device" : "block device '" + name + "'";
    graph.addBackend(this);
  }

  /** The name, empty for an anonymous backend. */
  public String name() {
    return name;
  }

  /** Gives the name up: what still uses the backend keeps it without one. */
  public void forgetName() {
    name = "";
  }

  /** The node, or null when there is no medium. */
  public @Nullable BlockNode node() {
    Child current = root;
    return current == null ? null : current.node();
  }

  /** The edge to the node, or null. */
  public @Nullable Child root() {
    return root;
  }

  /** Counters of this backend's requests. */
  public Accounting accounting() {
    return accounting;
  }

  /** Counts by another clock; before the first request. */
  public void setAccounting(Accounting newAccounting) {
    accounting = newAccounting;
  }

  /** Whether completed writes may be in volatile caches (no flush after each write). */
  public boolean writeCache() {
    return writeCache;
  }

  /** Switches the flush after each write off or on. */
  public void setWriteCache(boolean value) {
    writeCache = value;
  }

  /** Whether it stays in its I/O thread, see {@link NodeThreads}: a device uses it. */
  public boolean threadFixed() {
    return threadFixed;
  }

  /** Lets it stay in its I/O thread or not. */
  public void setThreadFixed(boolean value) {
    threadFixed = value;
  }

  /** Its membership in a throttle group, or null while its requests have no limits. */
  public @Nullable ThrottleMember throttle() {
    return throttle;
  }

  /** A new membership, which is to join a group. Requests that come from now on wait. */
  public ThrottleMember newThrottle() {
    ThrottleMember member = new ThrottleMember(quiesced);
    throttle = member;
    return member;
  }

  /** Requests have no limits any more; nothing is under way. */
  public void removeThrottle() {
    ThrottleMember member = throttle;
    if (member != null) {
      throttle = null;
      member.leave();
    }
  }

  /** Says who this is in permission conflicts. */
  public void setDescription(String newDescription) {
    description = newDescription;
  }

  /** Puts the node in. */
  public void insert(BlockNode node) throws BlockException {
    Perms needed = inactivity.needed(node, name, perms);
    root = graph.attach(this, "root", ChildRole.FILTERED | ChildRole.PRIMARY, node, needed);
  }

  /** Runs an action, once, just before the node is taken out. */
  public void onEject(Runnable action) {
    ejecting.add(action);
  }

  /** Takes the node out after what is under way has ended; nothing if there is none. */
  public void remove() {
    Child current = root;
    if (current != null) {
      for (Runnable action : List.copyOf(ejecting).reversed()) {
        action.run();
      }
      ejecting.clear();
      graph.drainBegin(current.node());
      BlockNode node = current.node();
      root = null;
      graph.drainEnd(node);
      graph.detach(current);
    }
  }

  /** Takes the node out and forgets the backend. */
  public void close() {
    remove();
    removeThrottle();
    graph.removeBackend(this);
  }

  /** What this backend needs and shares. */
  public Perms perms() {
    return perms;
  }

  /** Changes what this backend needs and shares, or nothing. */
  public void setPerms(Perms newPerms) throws BlockException {
    Child current = root;
    if (current != null && !inactivity.on()) {
      graph.setPerms(current, newPerms);
    }
    perms = newPerms;
  }

  // ---- requests -------------------------------------------------------------------------------

  /** The length of the medium in bytes; ENOMEDIUM without one. */
  public long length() throws BlockException {
    return medium().length();
  }

  /** Reads within the medium; EIO beyond its end. */
  public void read(long offset, ByteBuffer into, int flags) throws BlockException {
    enter();
    try {
      check(offset, into.remaining());
      await(Direction.READ, into.remaining());
      medium().read(offset, into, flags);
    } finally {
      leave();
    }
  }

  /** Writes within the medium; EIO beyond its end. */
  public void write(long offset, ByteBuffer from, int flags) throws BlockException {
    enter();
    try {
      check(offset, from.remaining());
      checkWritable();
      await(Direction.WRITE, from.remaining());
      medium().write(offset, from, throughCache(flags));
    } finally {
      leave();
    }
  }

  /** Writes zeroes within the medium. */
  public void writeZeroes(long offset, long bytes, int flags) throws BlockException {
    enter();
    try {
      check(offset, bytes);
      checkWritable();
      await(Direction.WRITE, bytes);
      medium().writeZeroes(offset, bytes, throughCache(flags));
    } finally {
      leave();
    }
  }

  /** Discards within the medium. */
  public void discard(long offset, long bytes) throws BlockException {
    enter();
    try {
      check(offset, bytes);
      checkWritable();
      medium().discard(offset, bytes);
    } finally {
      leave();
    }
  }

  /** Flushes the medium. */
  public void flush() throws BlockException {
    enter();
    try {
      medium().flush();
    } finally {
      leave();
    }
  }

  /** A question to the medium, such as the status of a range. */
  public interface Question<T> {
    /** Asks it. */
    T ask(BlockNode node) throws BlockException;
  }

  /** Asks the medium something as a request: not while it is drained. */
  public <T> T ask(Question<T> question) throws BlockException {
    enter();
    try {
      return question.ask(medium().node());
    } finally {
      leave();
    }
  }

  private int throughCache(int flags) {
    return writeCache ? flags : flags | RequestFlags.FUA;
  }

  private Child medium() throws BlockException {
    Child current = root;
    if (current == null) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    return current;
  }

  private void check(long offset, long bytes) throws BlockException {
    long length = medium().length();
    if (offset < 0 || bytes < 0 || offset > length || bytes > length - offset) {
      throw BlockException.io(Errno.EIO);
    }
  }

  private void checkWritable() throws BlockException {
    if (medium().node().readOnly()) {
      throw BlockException.io(Errno.EPERM);
    }
  }

  /**
   * Counts a request in that another thread is about to make, so that a drain from now on waits for
   * it, and lets that thread through the gate. While the backend is drained, the request comes
   * later, by itself. On the lane.
   *
   * @return what the other thread runs, once
   */
  public Runnable admitted(Runnable request) {
    if (quiesced.get() > 0) {
      return request;
    }
    inFlight.incrementAndGet();
    return () -> {
      try {
        ScopedValue.where(ADMITTED, this).run(request);
      } finally {
        leave();
      }
    };
  }

  private boolean isAdmitted() {
    return ADMITTED.isBound() && ADMITTED.get() == this;
  }

  /** Counts the request in, after the gate is open. */
  private void enter() {
    inFlight.incrementAndGet();
    while (quiesced.get() > 0 && !isAdmitted()) {
      leave();
      awaitOpen();
      inFlight.incrementAndGet();
    }
  }

  /** Waits for the limits, if there are any. */
  private void await(Direction direction, long bytes) {
    ThrottleMember member = throttle;
    if (member != null) {
      member.await(direction, bytes);
    }
  }

  private void leave() {
    if (throttle != null) {
      ThrottleMember.done();
    }
    if (inFlight.decrementAndGet() == 0) {
      graph.kickDrains();
    }
  }

  private void awaitOpen() {
    gate.lock();
    try {
      while (quiesced.get() > 0) {
        opened.awaitUninterruptibly();
      }
    } finally {
      gate.unlock();
    }
  }

  /** Lets the node become inactive though this backend writes: an export that can bear it. */
  public void allowInactive() {
    inactivity.allow();
  }

  @Override
  public void inactivated(Child child) throws BlockException {
    inactivity.begin(graph, child, name, perms);
  }

  @Override
  public void activated(Child child) throws BlockException {
    inactivity.end(graph, child, perms);
  }

  // ---- parent ---------------------------------------------------------------------------------

  @Override
  public String describe() {
    return description;
  }

  @Override
  public void drainedBegin(Child child) {
    ThrottleMember member = throttle;
    if (quiesced.incrementAndGet() == 1 && member != null) {
      member.retry();
    }
  }

  @Override
  public boolean drainedPoll(Child child) {
    return inFlight.get() > 0;
  }

  @Override
  public void drainedEnd(Child child) {
    gate.lock();
    try {
      quiesced.decrementAndGet();
      opened.signalAll();
    } finally {
      gate.unlock();
    }
  }
}
