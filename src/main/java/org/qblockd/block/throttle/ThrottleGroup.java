// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.throttle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.block.throttle.ThrottleMember.Side;
import org.qblockd.block.throttle.ThrottleMember.Waiter;

/**
 * Members that share limits. Their requests take turns: when one may go on, the next member that
 * has a waiting request of the same direction is served after it. At any time one timer per
 * direction runs, that of the member whose turn it is.
 *
 * <p>Any thread; timers run on the clock's thread and do what belongs to their moment in it.
 */
public final class ThrottleGroup {
  /** The turn of one direction. */
  private static final class Turn {
    @Nullable ThrottleMember member;
    boolean timed;
  }

  private final String name;
  private final Clock clock;
  private final ThrottleGroups owner;

  /** Guards everything below, and the sides of the members. */
  private final ReentrantLock lock = new ReentrantLock();

  private final List<ThrottleMember> members = new ArrayList<>();
  private final Turn[] turns = {new Turn(), new Turn()};
  private Buckets buckets;

  /** How many use the group: members, and the object that made it. Control lane. */
  private int users;

  ThrottleGroup(String name, Clock clock, ThrottleGroups owner) {
    this.name = name;
    this.owner = owner;
    this.clock = clock;
    buckets = new Buckets(ThrottleConfig.UNLIMITED, clock.monotonicNanos());
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The limits. */
  public ThrottleConfig config() {
    lock.lock();
    try {
      return buckets.config();
    } finally {
      lock.unlock();
    }
  }

  /** Changes the limits, which have been checked; what was let through before is forgotten. */
  public void configure(ThrottleConfig config) {
    lock.lock();
    try {
      buckets = new Buckets(config, clock.monotonicNanos());
    } finally {
      lock.unlock();
    }
  }

  /** The user of this group does not use it any more. Control lane. */
  void release() {
    owner.release(this);
  }

  int users() {
    return users;
  }

  void addUsers(int more) {
    users += more;
  }

  void add(ThrottleMember member) {
    lock.lock();
    try {
      for (Turn turn : turns) {
        turn.member = turn.member == null ? member : turn.member;
      }
      members.addFirst(member);
    } finally {
      lock.unlock();
    }
  }

  void remove(ThrottleMember member) {
    lock.lock();
    try {
      for (Direction direction : Direction.values()) {
        if (stopTimer(member, direction)) {
          next(member, direction);
        }
        Turn turn = turn(direction);
        if (turn.member == member) {
          ThrottleMember after = after(member);
          turn.member = after == member ? null : after;
        }
      }
      members.remove(member);
    } finally {
      lock.unlock();
    }
  }

  /** Counts a request that may go on at once, and gives null; else queues it. */
  @Nullable Waiter enter(ThrottleMember member, Direction direction, long bytes) {
    lock.lock();
    try {
      if (!members.contains(member)) {
        return null;
      }
      boolean timed = startTimer(candidate(member, direction), direction);
      if (timed || member.waits(direction)) {
        Waiter waiter = new Waiter(bytes);
        member.side(direction).waiting.add(waiter);
        return waiter;
      }
      buckets.account(direction, bytes);
      next(member, direction);
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** The member's requests try again now: limits have changed, or do not count in a drain. */
  public void restart(ThrottleMember member) {
    lock.lock();
    try {
      for (Direction direction : Direction.values()) {
        boolean unused = stopTimer(member, direction);
        serve(member, direction);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The requests of all members try again now. */
  void restartAll() {
    List<ThrottleMember> all;
    lock.lock();
    try {
      all = List.copyOf(members);
    } finally {
      lock.unlock();
    }
    all.forEach(this::restart);
  }

  private void fired(ThrottleMember member, Direction direction, int number) {
    lock.lock();
    try {
      Side side = member.side(direction);
      if (side.timer != null && side.timerNumber == number) {
        side.timer = null;
        turn(direction).timed = false;
        serve(member, direction);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the member's oldest request go on, and then those that may follow. */
  private void serve(ThrottleMember member, Direction direction) {
    boolean unused = admitOne(member, direction);
    next(member, direction);
  }

  private boolean admitOne(ThrottleMember member, Direction direction) {
    Waiter waiter = member.side(direction).waiting.poll();
    if (waiter == null) {
      return false;
    }
    buckets.account(direction, waiter.bytes());
    waiter.admit(clock.hold());
    return true;
  }

  /** After a request of this member: lets others go on until one has to wait for a timer. */
  private void next(ThrottleMember member, Direction direction) {
    ThrottleMember current = member;
    while (true) {
      ThrottleMember candidate = candidate(current, direction);
      if (!candidate.waits(direction) || startTimer(candidate, direction)) {
        return;
      }
      // The member that has just been served goes on first: QEMU's order within one thread.
      ThrottleMember served = current.waits(direction) ? current : candidate;
      turn(direction).member = served;
      boolean unused = admitOne(served, direction);
      current = served;
    }
  }

  /** Whose request comes next after one of {@code member}. */
  private ThrottleMember candidate(ThrottleMember member, Direction direction) {
    if (member.drained() && member.waits(direction)) {
      return member;
    }
    ThrottleMember start = turn(direction).member;
    if (start == null) {
      return member;
    }
    ThrottleMember candidate = after(start);
    while (candidate != start && !candidate.waits(direction)) {
      candidate = after(candidate);
    }
    return candidate == start && !candidate.waits(direction) ? member : candidate;
  }

  private ThrottleMember after(ThrottleMember member) {
    return members.get((members.indexOf(member) + 1) % members.size());
  }

  /** Starts the member's timer if its request has to wait; whether a timer runs. */
  private boolean startTimer(ThrottleMember member, Direction direction) {
    if (member.drained() || owner.suspended()) {
      return false;
    }
    Turn turn = turn(direction);
    if (turn.timed) {
      return true;
    }
    long wait = buckets.waitNanos(direction, clock.monotonicNanos());
    if (wait == 0) {
      return false;
    }
    Side side = member.side(direction);
    int number = ++side.timerNumber;
    side.timer = clock.schedule(wait, () -> fired(member, direction, number));
    turn.member = member;
    turn.timed = true;
    return true;
  }

  private boolean stopTimer(ThrottleMember member, Direction direction) {
    Side side = member.side(direction);
    Clock.Timer timer = side.timer;
    if (timer == null) {
      return false;
    }
    timer.cancel();
    side.timer = null;
    turn(direction).timed = false;
    return true;
  }

  private Turn turn(Direction direction) {
    return turns[direction.ordinal()];
  }
}
