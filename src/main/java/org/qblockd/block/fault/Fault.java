// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block.fault;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Chance;
import org.qblockd.base.Clock;
import org.qblockd.base.Errno;
import org.qblockd.block.RequestKind;

/** One fault at a node, with its counters. Any thread; the object is its own lock. */
public final class Fault {
  /** The counters at one moment. */
  public record Counters(long matched, long fired, long waiting) {}

  /** A request met a fault. */
  public record Met(
      Fault fault, String nodeName, RequestKind kind, long offset, long bytes, long fired) {
    /** What the fault does. */
    public FaultSpec spec() {
      return fault.spec();
    }
  }

  private final String id;
  private final String nodeName;
  private final FaultSpec spec;
  private final Chance chance;
  private final Set<CountDownLatch> delays = new HashSet<>();
  private long matched;
  private long fired;
  private boolean over;

  Fault(String id, String nodeName, FaultSpec spec) {
    this.nodeName = nodeName;
    this.id = id;
    this.spec = spec;
    chance = new Chance(spec.seed());
  }

  /** The name that the user gave it. */
  public String id() {
    return id;
  }

  /** What the user asked for. */
  public FaultSpec spec() {
    return spec;
  }

  /** How often it matched and was met, and how many wait. */
  public synchronized Counters counters() {
    return new Counters(matched, fired, delays.size());
  }

  /** Counts the request; returns what it meets, or null when it passes. */
  synchronized @Nullable Met meet(RequestKind kind, long offset, long bytes) {
    if (over || !spec.matches(kind, offset, bytes)) {
      return null;
    }
    matched++;
    if (matched <= spec.after() || fired >= spec.count() || !chance.happens(spec.rate())) {
      return null;
    }
    fired++;
    return new Met(this, nodeName, kind, offset, bytes, fired);
  }

  /** A delay that has begun. */
  record Delay(CountDownLatch end, Clock.@Nullable Timer timer) {}

  /**
   * Begins the delay, so that whoever hears of it finds its timer.
   *
   * @param hurry whether the wait is to end at once
   */
  Delay begin(Clock clock, BooleanSupplier hurry) {
    CountDownLatch end = new CountDownLatch(1);
    synchronized (this) {
      if (over || spec.delayNanos() == 0) {
        end.countDown();
        return new Delay(end, null);
      }
      delays.add(end);
    }
    // Asked after the delay can be ended, so that nobody is missed who begins to wait meanwhile.
    if (hurry.getAsBoolean()) {
      end.countDown();
    }
    return new Delay(end, clock.schedule(spec.delayNanos(), end::countDown));
  }

  /** Lets the thread wait as long as it must, then lets its request fail if it must. */
  void suffer(Delay delay) throws BlockException {
    await(delay.end);
    if (delay.timer != null) {
      delay.timer.cancel();
    }
    synchronized (this) {
      delays.remove(delay.end);
    }
    Errno errno = spec.errno();
    if (errno != null) {
      throw BlockException.io(errno);
    }
  }

  private static void await(CountDownLatch end) {
    boolean interrupted = false;
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the delays under way. */
  synchronized void endDelays() {
    delays.forEach(CountDownLatch::countDown);
  }

  /** From now on nothing meets it. */
  synchronized void end() {
    over = true;
    endDelays();
  }
}
