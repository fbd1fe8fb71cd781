// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * Copies a disk once from its beginning to its end: several pieces at once, their ends judged in
 * the order of the disk, so that progress and errors are those of a copy of one piece after
 * another. On the job's thread, except {@link #inFlight} and the pieces themselves.
 */
public final class OrderedCopier implements AutoCloseable {
  /** Copies under way at once while the job has no speed limit. */
  private static final int MAX_IN_FLIGHT = 16;

  /**
   * Why a piece could not be copied.
   *
   * @param read whether the source failed, not the target
   */
  public record Failure(boolean read, Errno errno) {}

  /** Copies one piece; returns null after success. Any thread. */
  @FunctionalInterface
  public interface Copy {
    /** Does it. */
    @Nullable Failure run();
  }

  /**
   * What comes next.
   *
   * @param bytes how far it reaches, at least one byte and at most to the end
   * @param copy what is to be done, or null when nothing is
   */
  public record Piece(long bytes, @Nullable Copy copy) {}

  /** Decides about the disk from an offset on. On the job's thread. */
  @FunctionalInterface
  public interface Planner {
    /** The piece at {@code offset}; what cannot be found out fails as its copy. */
    Piece next(long offset);
  }

  private record Underway(long offset, long bytes, CompletableFuture<@Nullable Failure> end) {}

  private final BlockJob job;
  private final OnError policy;
  private final CopyWorkers workers;
  private final ArrayDeque<Underway> underway = new ArrayDeque<>();
  private @Nullable Errno ignored;

  /** A copier for this job, whose errors are judged by {@code policy}. */
  public OrderedCopier(BlockJob job, OnError policy) {
    this.job = job;
    this.policy = policy;
    this.workers = new CopyWorkers(job.type().wireName(), MAX_IN_FLIGHT);
  }

  /** The number of copies under way. Any thread. */
  public int inFlight() {
    return workers.inFlight();
  }

  /** Waits until no copy is under way. */
  public void awaitAll() {
    workers.awaitAll();
  }

  @Override
  public void close() {
    workers.awaitAll();
    workers.close();
  }

  /**
   * Copies until the end or until the job is cancelled.
   *
   * @param retryIgnored whether a piece with an ignored error is tried again, not passed over
   * @return the first error that was passed over, or null
   * @throws BlockException when an error is to end the job
   */
  public @Nullable Errno copy(long length, Planner planner, boolean retryIgnored)
      throws BlockException {
    long next = 0;
    while (true) {
      rest();
      if (job.cancelled()) {
        return null;
      }
      if (underway.isEmpty() && next < length) {
        job.steps().hold();
      }
      if (next < length && underway.size() < window() && !job.steps().usedUp()) {
        next += begin(next, planner);
        continue;
      }
      Underway first = underway.poll();
      if (first == null) {
        return ignored;
      }
      Failure failure = first.end.join();
      if (failure == null) {
        job.progress().done(first.bytes);
      } else {
        next = judge(first, failure, next, retryIgnored);
      }
    }
  }

  /** With a limit one piece follows the other, and the time between them is counted. */
  private void rest() {
    if (underway.isEmpty()) {
      job.rateSleep();
    } else {
      job.pausePoint();
    }
  }

  private int window() {
    return job.speed() == 0 ? MAX_IN_FLIGHT : 1;
  }

  private long begin(long offset, Planner planner) {
    CompletableFuture<@Nullable Failure> end = new CompletableFuture<>();
    Piece piece = planner.next(offset);
    underway.add(new Underway(offset, piece.bytes, end));
    Copy copy = piece.copy;
    if (copy == null) {
      end.complete(null);
    } else {
      job.steps().taken(piece.bytes);
      long unused = job.rateDelay(piece.bytes);
      workers.submit(() -> run(copy, end));
    }
    return piece.bytes;
  }

  private static void run(Copy copy, CompletableFuture<@Nullable Failure> end) {
    try {
      end.complete(copy.run());
    } catch (RuntimeException | Error bug) {
      end.completeExceptionally(bug);
      throw bug;
    }
  }

  /** Returns where to go on. */
  private long judge(Underway failed, Failure failure, long next, boolean retryIgnored)
      throws BlockException {
    ErrorAction action = job.errorAction(policy, failure.read, failure.errno);
    if (action == ErrorAction.REPORT) {
      throw BlockException.io(failure.errno);
    }
    if (action == ErrorAction.IGNORE && !retryIgnored) {
      ignored = ignored == null ? failure.errno : ignored;
      job.progress().done(failed.bytes);
      return next;
    }
    // What came after it may have been copied already: then the planner finds less to do.
    workers.awaitAll();
    underway.clear();
    return failed.offset;
  }
}
