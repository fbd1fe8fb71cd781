// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one lane on which commands and completion steps run, one after another: what QEMU's main loop
 * thread is to its block layer. The lane is a right, not a fixed thread: it has a thread of its
 * own, but a monitor's thread that finds the lane idle may run its command itself, which saves two
 * hand-overs per command.
 *
 * <p>Any thread may call {@link #execute}, {@link #post} and {@link #kick}; the rest is for the
 * holder of the lane.
 */
public final class ControlLane implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Runnable> completions = new ArrayDeque<>();
  private final ArrayDeque<Runnable> commands = new ArrayDeque<>();
  private @Nullable Thread holder;
  private boolean closed;
  private volatile Runnable onWait = () -> {};

  /** How many {@link #pollWhile} wait inside one another; changed on the lane only. */
  private volatile int waits;

  /** Counts kicks, so that a kick between a test of a condition and the wait is not lost. */
  private long kicks;

  /** Starts the lane's thread. */
  public ControlLane() {
    Thread.ofPlatform().name("control-lane").daemon(true).start(this::loop);
  }

  /** Queues a command; commands run in order and never inside one another. */
  public void execute(Runnable command) {
    lock.lock();
    try {
      commands.add(command);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs the command on the calling thread when the lane is idle and nothing waits, else queues it.
   * For platform threads only: a command may block for long.
   */
  public void executeHere(Runnable command) {
    lock.lock();
    try {
      if (holder != null || !commands.isEmpty() || !completions.isEmpty() || closed) {
        commands.add(command);
        changed.signalAll();
        return;
      }
      holder = Thread.currentThread();
    } finally {
      lock.unlock();
    }
    try {
      runSafely(command);
    } finally {
      release();
    }
  }

  /**
   * Queues a completion step. Completion steps run before commands, and also while a command waits
   * in {@link #pollWhile}, as bottom halves do in QEMU.
   */
  public void post(Runnable completion) {
    lock.lock();
    try {
      completions.add(completion);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes the holder in {@link #pollWhile} look at its condition again. */
  public void kick() {
    lock.lock();
    try {
      kicks++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs completion steps until {@code busy} is false. Whoever makes it false calls {@link #kick}.
   * On the lane only.
   */
  public void pollWhile(BooleanSupplier busy) {
    check();
    boolean waiting = false;
    try {
      while (true) {
        long seen = kicks();
        if (!busy.getAsBoolean()) {
          return;
        }
        if (!waiting) {
          waiting = true;
          countWait(1);
          onWait.run();
        }
        Runnable next = awaitCompletion(seen);
        if (next != null) {
          runSafely(next);
        }
      }
    } finally {
      countWait(waiting ? -1 : 0);
    }
  }

  /** The same for at most {@code nanos} of {@code clock}. */
  public void pollWhile(BooleanSupplier busy, Clock clock, long nanos) {
    if (!busy.getAsBoolean()) {
      return;
    }
    AtomicBoolean late = new AtomicBoolean();
    Runnable end =
        () -> {
          late.set(true);
          kick();
        };
    Clock.Timer limit = clock.schedule(nanos, end);
    pollWhile(() -> busy.getAsBoolean() && !late.get());
    limit.cancel();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the holder of the lane writes
  private void countWait(int change) {
    waits += change;
  }

  /** Is run on the lane whenever {@link #pollWhile} has to wait; one for all. */
  public void onWait(Runnable action) {
    onWait = action;
  }

  /**
   * Whether a command waits in {@link #pollWhile}, so that no other command can run. Any thread.
   */
  public boolean waiting() {
    return waits > 0;
  }

  /** Asserts that the calling thread holds the lane. */
  public void check() {
    if (!isHeld()) {
      throw new IllegalStateException("not on the control lane");
    }
  }

  /** Whether the calling thread holds the lane. */
  public boolean isHeld() {
    lock.lock();
    try {
      return Thread.currentThread().equals(holder);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the lane's thread when what is queued has run. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long kicks() {
    lock.lock();
    try {
      return kicks;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Runnable awaitCompletion(long seenKicks) {
    lock.lock();
    try {
      while (completions.isEmpty() && kicks == seenKicks) {
        changed.awaitUninterruptibly();
      }
      return completions.poll();
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    while (true) {
      Runnable next = take();
      if (next == null) {
        return;
      }
      try {
        runSafely(next);
      } finally {
        release();
      }
    }
  }

  /** A bug in one task must not end the lane: it is told, and the next task runs. */
  private static void runSafely(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | AssertionError | StackOverflowError bug) {
      Thread current = Thread.currentThread();
      current.getUncaughtExceptionHandler().uncaughtException(current, bug);
    }
  }

  private @Nullable Runnable take() {
    lock.lock();
    try {
      while (holder != null || (completions.isEmpty() && commands.isEmpty())) {
        if (closed && holder == null) {
          return null;
        }
        changed.awaitUninterruptibly();
      }
      holder = Thread.currentThread();
      Runnable completion = completions.poll();
      return completion != null ? completion : commands.poll();
    } finally {
      lock.unlock();
    }
  }

  private void release() {
    lock.lock();
    try {
      holder = null;
      if (closed || !commands.isEmpty() || !completions.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
