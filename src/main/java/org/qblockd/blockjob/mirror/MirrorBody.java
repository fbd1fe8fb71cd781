// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.block.BlockNode;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Child;
import org.qblockd.block.Extent;
import org.qblockd.block.GivesUpWaiting;
import org.qblockd.blockjob.BlockJob;
import org.qblockd.blockjob.BlockJobBody;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.ErrorAction;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.job.HoldPoint;
import org.qblockd.job.JobStatus;
import org.qblockd.job.RateLimit;

/**
 * The mirror's work: zero the target and find what to copy, copy until nothing is dirty, stay in
 * step, and end in a moment without writes. On the job's thread; verbs and completion on the lane.
 */
final class MirrorBody implements BlockJobBody {
  private final MirrorOptions options;
  private final MirrorState mirror;
  private final MirrorGraph graph;
  private final Child source;
  private final BufferPool buffers;
  private final long bufSize;
  private final @Nullable BlockNode base;
  private volatile @Nullable BlockJob job;
  private volatile @Nullable MirrorCopier copier;
  private volatile boolean shouldComplete;
  private volatile boolean drainsItself;

  /** On the job's thread. */
  private final Set<HoldPoint> pastHolds = EnumSet.noneOf(HoldPoint.class);

  MirrorBody(
      MirrorOptions options,
      MirrorState mirror,
      MirrorGraph graph,
      Child source,
      BufferPool buffers,
      long bufSize,
      @Nullable BlockNode base) {
    this.options = options;
    this.mirror = mirror;
    this.graph = graph;
    this.source = source;
    this.buffers = buffers;
    this.bufSize = bufSize;
    this.base = base;
    this.shouldComplete = options.autoComplete();
  }

  void setJob(BlockJob newJob) {
    job = newJob;
    mirror.setJob(newJob);
  }

  /** Whether the job may still become ready without having met an error. */
  boolean onItsWay() {
    return job().status() == JobStatus.RUNNING && job().busy() && !mirror.everFailed();
  }

  /** Shows the bitmap at the filter; it is filled by the filter itself, after each write. */
  void trackOn(BlockNode top) {
    mirror.dirty.setEnabled(false);
    if (mirror.bitmap == null || !mirror.bitmap.working()) {
      top.addBitmap(mirror.dirty);
    }
  }

  private BlockJob job() {
    BlockJob current = job;
    if (current == null) {
      throw new IllegalStateException("not started");
    }
    return current;
  }

  // ---- the job's thread -----------------------------------------------------------------------

  @Override
  public void run() throws BlockException {
    long length = source.length();
    if (options.commit() && mirror.target().length() < length) {
      mirror.target().resize(length, false, "off", false);
    }
    if (!options.commit() && length != mirror.target().length()) {
      throw BlockException.invalid("Source and target image have different sizes");
    }
    if (length == 0) {
      boolean unused = holdOnce(HoldPoint.READY);
      becomeReady();
      waitForTheEnd();
      unused = holdOnce(HoldPoint.COMPLETION);
      return;
    }
    try (MirrorCopier copying =
        new MirrorCopier(mirror, source, buffers, job().progress(), "mirror", length, bufSize)) {
      copier = copying;
      if (options.sync() != SyncMode.NONE && mirror.bitmap == null) {
        findDirty(copying, length);
      }
      mirror.startCopying();
      try {
        keepInStep(copying);
      } finally {
        copying.awaitAll();
      }
    }
  }

  private void waitForTheEnd() {
    while (!job().cancelRequested() && !shouldComplete) {
      job().yield();
    }
  }

  /** Writes are marked by the filter from the start; here only the initial content is added. */
  private void findDirty(MirrorCopier copying, long length) throws BlockException {
    if (options.zeroTarget()) {
      if (!MirrorCopier.zeroesWithUnmap(mirror.target().node())) {
        mirror.dirty.set(0, length);
        return;
      }
      zeroTarget(copying, length);
    }
    long at = 0;
    while (at < length && !job().cancelled()) {
      job().pausePoint();
      Extent extent = BlockStatus.allocatedAbove(source.node(), base, at, length - at);
      if (extent.has(Extent.ALLOCATED)) {
        mirror.dirty.set(at, extent.length());
      }
      at += Math.max(1, extent.length());
    }
  }

  private void zeroTarget(MirrorCopier copying, long length) throws BlockException {
    long most = 1L << 30;
    for (long at = 0; at < length && !job().cancelled(); at += most) {
      job().pausePoint();
      copying.zero(at, Math.min(most, length - at));
    }
    copying.awaitAll();
  }

  private void keepInStep(MirrorCopier copying) throws BlockException {
    while (true) {
      judgeFailures();
      job().pausePoint();
      if (job().cancelled()) {
        return;
      }
      long dirty = mirror.dirty.dirtyBytes();
      job().progress().setRemaining(mirror.bytesInFlight.get() + dirty);
      if (dirty > 0 && job().steps().usedUp()) {
        copying.awaitAll();
        job().steps().hold();
      } else if (dirty > 0) {
        long counted = copying.copyNextRun(job().steps());
        if (!job().ready()) {
          job().rateDelay(counted);
          job().rateSleep();
        }
      } else if (copying.inFlight() > 0) {
        copying.awaitOne();
      } else if (settled()) {
        return;
      }
    }
  }

  /** Nothing is dirty and nothing under way; returns whether the mirror has ended. */
  private boolean settled() throws BlockException {
    if (!mirror.failures.isEmpty()) {
      return false;
    }
    if (!job().ready()) {
      // Writes may have come meanwhile.
      if (holdOnce(HoldPoint.READY) || !flushTarget()) {
        return false;
      }
      becomeReady();
    }
    mirror.synced();
    if (shouldComplete || job().cancelRequested()) {
      return !holdOnce(HoldPoint.COMPLETION) && endInDrain();
    }
    mirror.bodySleeps(true);
    if (mirror.dirty.dirtyBytes() == 0 && mirror.failures.isEmpty()) {
      job().sleep(RateLimit.SLICE_NANOS);
    }
    mirror.bodySleeps(false);
    return false;
  }

  /** When it was held, writes may have come meanwhile, so all is looked at again. */
  private boolean holdOnce(HoldPoint point) {
    return pastHolds.add(point) && job().holdAt(point);
  }

  private void becomeReady() throws BlockException {
    BlockJob current = job();
    boolean unused =
        current.onLane(() -> {
          if (!current.cancelled()) {
            mirror.synced();
            current.becomeReady();
          }
          return true;
        });
  }

  private void judgeFailures() throws BlockException {
    for (MirrorState.Failure failure = mirror.failures.poll();
        failure != null;
        failure = mirror.failures.poll()) {
      ErrorAction action =
          job()
              .errorAction(
                  options.common().onError(failure.read()), failure.read(), failure.errno());
      if (action == ErrorAction.REPORT) {
        throw BlockException.io(failure.errno());
      }
    }
  }

  private boolean flushTarget() {
    try {
      mirror.target().flush();
      return true;
    } catch (BlockException failed) {
      mirror.failed(false, failed.errno());
      return false;
    }
  }

  /** With the source drained nothing new comes: if all is still clean, the drain stays. */
  private boolean endInDrain() throws BlockException {
    drainsItself = true;
    job().onLane(graph::drainSource);
    if (mirror.dirty.dirtyBytes() == 0 && mirror.failures.isEmpty() && flushTarget()) {
      return true;
    }
    job().onLane(graph::undrainSource);
    drainsItself = false;
    return false;
  }

  // ---- the lane -------------------------------------------------------------------------------

  @Override
  public boolean copying() {
    MirrorCopier current = copier;
    return current != null && current.inFlight() > 0;
  }

  @Override
  public void awaitCopies() {
    MirrorCopier current = copier;
    if (current != null) {
      current.awaitAll();
    }
  }

  @Override
  public boolean holdsBeforeEnd() {
    return pastHolds.contains(HoldPoint.COMPLETION);
  }

  @Override
  public boolean drainsItself() {
    return drainsItself;
  }

  @Override
  public boolean cancel(boolean force) {
    boolean cancelled = force || !job().ready();
    if (cancelled) {
      GivesUpWaiting.in(mirror.target().node());
    }
    return cancelled;
  }

  @Override
  public boolean completable() {
    return true;
  }

  @Override
  public void complete() throws BlockException {
    String replaces = options.replaces();
    if (replaces != null) {
      graph.holdReplaced(replaces);
    }
    shouldComplete = true;
  }

  @Override
  public boolean changeable() {
    return !options.commit();
  }

  @Override
  public void change(CopyMode copyMode) throws BlockException {
    mirror.changeCopyMode(copyMode);
  }

  @Override
  public @Nullable Boolean activelySynced() {
    return options.commit() ? null : mirror.activelySynced();
  }

  @Override
  public void prepare() throws BlockException {
    graph.leave(job(), true, shouldComplete);
  }

  @Override
  public void abort() {
    try {
      graph.leave(job(), false, false);
    } catch (BlockException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
