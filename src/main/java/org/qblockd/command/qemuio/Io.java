// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.Breakpoints;
import org.qblockd.block.throttle.ThrottleMember;

/**
 * How qemu-io's requests are run: a synchronous one on a virtual thread while the lane waits for it
 * and runs completion steps, as QEMU polls; an asynchronous one beside the lane, its report printed
 * on the lane.
 */
public final class Io {
  /** A request. */
  interface Request {
    void run() throws BlockException;
  }

  /** What requests mean to a clock that is moved by hand. On the lane. */
  public interface Moment {
    /** A command begins or ceases to wait for a request. */
    void waits(boolean begins);

    /**
     * A request begins that no command waits for; it has ended, or waits, when this is released.
     */
    Clock.Hold begins();
  }

  private static final long PATIENCE_NANOS = 200_000_000;

  /** How long the next command waits for a request that was begun before it. */
  private static final long PROMPT_NANOS = 20_000_000;

  private final ControlLane lane;
  private final PrintStream out;
  private final PrintStream err;
  private final Clock clock;
  private final Moment moment;
  private final AtomicInteger outstanding = new AtomicInteger();

  /**
   * Runs requests for one server.
   *
   * @param out the server's standard output, where qemu-io prints
   * @param err its standard error, where wrong use is told
   * @param clock the server's clock
   * @param moment hears of the requests
   */
  public Io(ControlLane lane, PrintStream out, PrintStream err, Clock clock, Moment moment) {
    this.lane = lane;
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.moment = moment;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  long nanos() {
    return clock.monotonicNanos();
  }

  /** Runs the request and waits for its end. On the lane. */
  void await(Request request) throws BlockException {
    BlockException failure = awaitOutcome(request);
    if (failure != null) {
      throw failure;
    }
  }

  /** Runs the request and waits for its end. On the lane. Returns its failure, or null. */
  @Nullable BlockException awaitOutcome(Request request) {
    Outcome outcome = new Outcome();
    Thread.ofVirtual()
        .start(() -> {
          outcome.failure = attempt(request);
          outcome.done = true;
          lane.kick();
        });
    moment.waits(true);
    try {
      lane.pollWhile(() -> !outcome.done);
    } finally {
      moment.waits(false);
    }
    return outcome.failure;
  }

  /** What an asynchronous request does when it has ended. */
  interface Completion {
    void ended(@Nullable BlockException failure);
  }

  /**
   * Starts the request, which a drain waits for from now on; {@code completion} runs on the lane
   * when it has ended. Returns when the request has ended or met a breakpoint, as QEMU returns at
   * the first wait, but soon in any case: it may wait for another one. Without breakpoints it
   * returns at once.
   */
  void start(
      BlockBackend backend, Request request, @Nullable Breakpoints points, Completion completion) {
    long before = points == null ? 0 : points.suspensions();
    Outcome outcome = begin(backend, request, completion);
    if (points != null) {
      Outcome patience = new Outcome();
      clock.schedule(PATIENCE_NANOS, () -> end(patience));
      lane.pollWhile(() -> !outcome.done && !patience.done && points.suspensions() == before);
    } else {
      // Behind the reply: what ends at once has ended before the next command, as in QEMU.
      lane.post(() -> lane.pollWhile(() -> !outcome.done, clock, PROMPT_NANOS));
    }
  }

  private void end(Outcome outcome) {
    outcome.done = true;
    lane.kick();
  }

  private Outcome begin(BlockBackend backend, Request request, Completion completion) {
    Outcome outcome = new Outcome();
    outstanding.incrementAndGet();
    Runnable admitted = backend.admitted(() -> outcome.failure = attempt(request));
    Clock.Hold hold = moment.begins();
    Thread.ofVirtual()
        .start(() -> {
          ThrottleMember.begin(hold);
          admitted.run();
          ThrottleMember.done();
          lane.post(() -> {
            completion.ended(outcome.failure);
            outstanding.decrementAndGet();
            end(outcome);
          });
        });
    return outcome;
  }

  /** Waits until all that {@link #start} began has ended. On the lane. */
  void awaitAll() {
    lane.pollWhile(() -> outstanding.get() > 0);
  }

  /** Waits without a request; for {@code sleep} and breakpoints. On the lane. */
  void awaitQuietly(java.util.function.BooleanSupplier busy) {
    lane.pollWhile(busy);
  }

  /** Waits for this long. On the lane. */
  void pause(long nanos) {
    Outcome outcome = new Outcome();
    clock.schedule(
        nanos,
        () -> {
          outcome.done = true;
          lane.kick();
        });
    lane.pollWhile(() -> !outcome.done);
  }

  private static @Nullable BlockException attempt(Request request) {
    try {
      request.run();
      return null;
    } catch (BlockException failure) {
      return failure;
    } catch (RuntimeException | AssertionError bug) {
      bug.printStackTrace();
      return BlockException.io(org.qblockd.base.Errno.EIO, bug);
    }
  }

  private static final class Outcome {
    private volatile boolean done;
    private volatile @Nullable BlockException failure;
  }
}
