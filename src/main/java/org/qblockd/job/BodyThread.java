// SPDX-License-Identifier: Apache-2.0
package org.qblockd.job;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;

/**
 * Where a job's body waits: the meeting point of its virtual thread and the control lane. The lane
 * decides that a job is paused while the body is parked here, so that the change of state happens
 * on the lane and a body that sleeps need not wake up for it.
 *
 * <p>Methods that wait are for the body; those that decide for the lane; {@link #kick} for anyone.
 */
final class BodyThread {
  /** No end of the wait. */
  static final long FOREVER = Long.MAX_VALUE;

  private final ControlLane lane;
  private final Clock clock;
  private final JobBody body;

  /** Is run on the lane when the parked body has found a wish to pause; set before the start. */
  private Runnable settlePause = () -> {};

  /** Guards everything below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private int pauseCount;
  private boolean parked;
  private boolean paused;
  private boolean kicked;
  private boolean forceCancelled;
  private boolean settlePosted;

  /** The body waits for its copies before it is paused: until they have ended it is busy. */
  private boolean settling;

  BodyThread(ControlLane lane, Clock clock, JobBody body) {
    this.lane = lane;
    this.clock = clock;
    this.body = body;
  }

  void onPauseWanted(Runnable step) {
    settlePause = step;
  }

  // ---- the body -------------------------------------------------------------------------------

  /** Parks if somebody wants a pause, until nobody wants it any more. */
  void pausePoint() {
    lock.lock();
    try {
      if (paused || (pauseCount > 0 && !forceCancelled)) {
        kicked = true;
        park(FOREVER);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for {@code nanos} or a kick; any pause lengthens the wait. */
  void sleep(long nanos) {
    lock.lock();
    try {
      if (!forceCancelled) {
        park(nanos == FOREVER ? FOREVER : clock.monotonicNanos() + nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void park(long until) {
    Clock.@Nullable Timer timer = null;
    parked = true;
    if (until == FOREVER) {
      // Somebody may wait until the body is not at work any more.
      lane.kick();
    }
    while (true) {
      if (!paused && (forceCancelled || (pauseCount == 0 && due(until)))) {
        break;
      }
      if (pauseCount > 0 && !paused && !settlePosted) {
        askToSettle();
        continue;
      }
      if (timer == null && until != FOREVER) {
        timer = clock.schedule(Math.max(0, until - clock.monotonicNanos()), this::kick);
      }
      changed.awaitUninterruptibly();
    }
    parked = false;
    kicked = false;
    if (timer != null) {
      timer.cancel();
    }
  }

  private boolean due(long until) {
    return kicked || (until != FOREVER && clock.monotonicNanos() - until >= 0);
  }

  /** Lets copies end, outside the lock because they may need it, and tells the lane. */
  private void askToSettle() {
    if (body.copying()) {
      settling = true;
      lock.unlock();
      try {
        body.awaitCopies();
      } finally {
        lock.lock();
        settling = false;
      }
    } else {
      settlePosted = true;
      lane.post(settlePause);
    }
  }

  // ---- anyone ---------------------------------------------------------------------------------

  /** Ends a sleep early, or the next one if the body does not sleep. */
  void kick() {
    lock.lock();
    try {
      kicked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the body waits here, or will as soon as it begins. */
  boolean waiting() {
    lock.lock();
    try {
      return (parked && !settling) || paused;
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody wants the job to pause. */
  boolean pauseWanted() {
    lock.lock();
    try {
      return pauseCount > 0;
    } finally {
      lock.unlock();
    }
  }

  // ---- the lane -------------------------------------------------------------------------------

  /** One more wants the job to pause. */
  void wantPause() {
    lock.lock();
    try {
      pauseCount++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** One less wants the job to pause; returns whether nobody does any more. */
  boolean unwantPause() {
    lock.lock();
    try {
      if (pauseCount == 0) {
        throw new IllegalStateException("not paused");
      }
      pauseCount--;
      changed.signalAll();
      return pauseCount == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the body may be declared paused now; it cannot leave before the lane says so. */
  boolean maySettle(boolean bodyBegan) {
    lock.lock();
    try {
      settlePosted = false;
      boolean waits = !bodyBegan || (parked && !body.copying());
      return waits && pauseCount > 0 && !paused && !forceCancelled;
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  /** Declares the body paused or not. */
  void setPaused(boolean value) {
    lock.lock();
    try {
      paused = value;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean paused() {
    lock.lock();
    try {
      return paused;
    } finally {
      lock.unlock();
    }
  }

  /** Lets the body leave every wait for good. */
  void forceCancel() {
    lock.lock();
    try {
      forceCancelled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
