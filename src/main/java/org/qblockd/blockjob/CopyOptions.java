// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.job.JobEnd;
import org.qblockd.job.JobOptions;
import org.qblockd.job.JobTransaction;

/**
 * What every job that copies a disk is asked, as the user gave it. Immutable; any thread.
 *
 * @param jobId the identifier, or null for the name of the source's drive
 * @param filterNodeName the name of the node put over the source, or null for a generated one
 * @param speed bytes per second, 0 for no limit
 * @param onSourceError what an error of reading the source does
 * @param onTargetError what an error of writing the target does
 * @param autoFinalize whether the job goes on from pending by itself
 * @param autoDismiss whether it vanishes from concluded by itself
 * @param transaction the jobs to end together with, or null
 * @param internalEnd for a job that only the server sees: who is told of its end; else null
 */
public record CopyOptions(
    @Nullable String jobId,
    @Nullable String filterNodeName,
    long speed,
    OnError onSourceError,
    OnError onTargetError,
    boolean autoFinalize,
    boolean autoDismiss,
    @Nullable JobTransaction transaction,
    @Nullable JobEnd internalEnd) {

  /** What the job itself has to know; {@code usualId} is the identifier when none was given. */
  public JobOptions job(String usualId) {
    if (internalEnd != null) {
      return JobOptions.internal(internalEnd);
    }
    return new JobOptions(jobId == null ? usualId : jobId, autoFinalize, autoDismiss, transaction);
  }

  /** The policy for an error of the source or of the target. */
  public OnError onError(boolean ofSource) {
    return ofSource ? onSourceError : onTargetError;
  }

  /**
   * Collects what differs from QMP's defaults. One thread.
   *
   * @param <B> the builder of one kind of job
   */
  public abstract static class Builder<B extends Builder<B>> {
    private @Nullable String jobId;
    private @Nullable String filterNodeName;
    private long speed;
    private OnError onSourceError = OnError.REPORT;
    private OnError onTargetError = OnError.REPORT;
    private boolean autoFinalize = true;
    private boolean autoDismiss = true;
    private @Nullable JobTransaction transaction;
    private @Nullable JobEnd internalEnd;

    protected Builder() {}

    protected abstract B self();

    protected final CopyOptions common() {
      return new CopyOptions(
          jobId,
          filterNodeName,
          speed,
          onSourceError,
          onTargetError,
          autoFinalize,
          autoDismiss,
          transaction,
          internalEnd);
    }

    /** See {@link CopyOptions#jobId}. */
    public final B jobId(@Nullable String value) {
      jobId = value;
      return self();
    }

    /** See {@link CopyOptions#filterNodeName}. */
    public final B filterNodeName(@Nullable String value) {
      filterNodeName = value;
      return self();
    }

    /** See {@link CopyOptions#speed}. */
    public final B speed(long value) {
      speed = value;
      return self();
    }

    /** See {@link CopyOptions#onSourceError} and {@link CopyOptions#onTargetError}. */
    public final B onError(OnError ofSource, OnError ofTarget) {
      onSourceError = ofSource;
      onTargetError = ofTarget;
      return self();
    }

    /** See {@link CopyOptions#autoFinalize} and {@link CopyOptions#autoDismiss}. */
    public final B auto(boolean finalizes, boolean dismisses) {
      autoFinalize = finalizes;
      autoDismiss = dismisses;
      return self();
    }

    /** Only the server sees the job; see {@link CopyOptions#internalEnd}. */
    public final B internal(JobEnd end) {
      internalEnd = end;
      return self();
    }

    /** See {@link CopyOptions#transaction}. */
    public final B transaction(@Nullable JobTransaction value) {
      transaction = value;
      return self();
    }
  }
}
