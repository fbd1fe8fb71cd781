// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;

/**
 * A drive or node whose requests wait for the limits of a group. Any thread, but {@link #join} and
 * {@link #leave} on the control lane.
 */
public final class ThrottleMember {
  /** A request that waits; its thread sleeps on the semaphore. */
  static final class Waiter {
    private final long bytes;
    private final Semaphore admitted = new Semaphore(0);
    private Clock.@Nullable Hold hold;

    Waiter(long bytes) {
      this.bytes = bytes;
    }

    long bytes() {
      return bytes;
    }

    /** Lets the request go on; the clock stands still until it has ended or waits again. */
    void admit(Clock.Hold newHold) {
      hold = newHold;
      admitted.release();
    }

    Clock.@Nullable Hold await() {
      admitted.acquireUninterruptibly();
      return hold;
    }
  }

  /** The requests of one direction; guarded by the lock of the group. */
  static final class Side {
    final Deque<Waiter> waiting = new ArrayDeque<>();
    Clock.@Nullable Timer timer;
    int timerNumber;
  }

  /** What keeps the clock still for the request of a thread that has waited. */
  private static final ThreadLocal<Clock.@Nullable Hold> HELD = new ThreadLocal<>();

  private final AtomicInteger drains;
  private final Side[] sides = {new Side(), new Side()};
  private volatile @Nullable ThrottleGroup group;

  /**
   * A member of no group.
   *
   * @param drains while this is positive the member's requests do not wait
   */
  public ThrottleMember(AtomicInteger drains) {
    this.drains = drains;
  }

  /** The group, or null. */
  public @Nullable ThrottleGroup group() {
    return group;
  }

  /** Joins a group, whose use it takes over; this one is in none. */
  public void join(ThrottleGroup newGroup) {
    newGroup.add(this);
    group = newGroup;
  }

  /**
   * Leaves the group, if there is one, while nothing is under way, and does not use it any more.
   */
  public void leave() {
    ThrottleGroup left = group;
    if (left != null) {
      group = null;
      left.remove(this);
      left.release();
    }
  }

  /** Waits until the limits allow the request; {@link #done} must follow. */
  public void await(Direction direction, long bytes) {
    ThrottleGroup current = group;
    if (current == null) {
      return;
    }
    Waiter waiter = current.enter(this, direction, bytes);
    if (waiter != null) {
      done();
      HELD.set(waiter.await());
    }
  }

  /** Keeps {@code hold} for the request of this thread until it has to wait or has ended. */
  public static void begin(Clock.Hold hold) {
    HELD.set(hold);
  }

  /** The request of this thread has ended. */
  public static void done() {
    Clock.Hold hold = HELD.get();
    if (hold != null) {
      HELD.remove();
      hold.release();
    }
  }

  /** Lets waiting requests try again: a drain has begun, or limits have changed. */
  public void retry() {
    ThrottleGroup current = group;
    if (current != null) {
      current.restart(this);
    }
  }

  boolean drained() {
    return drains.get() > 0;
  }

  Side side(Direction direction) {
    return sides[direction.ordinal()];
  }

  boolean waits(Direction direction) {
    return !side(direction).waiting.isEmpty();
  }
}
