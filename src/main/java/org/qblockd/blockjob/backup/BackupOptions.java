// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.OnError;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.job.JobTransaction;

/**
 * What a backup is asked to do. The values are as the user gave them: {@link BackupJob#create}
 * checks them.
 *
 * @param jobId the identifier, or null for the name of the source's drive
 * @param source the node to back up
 * @param target the node to back up to
 * @param sync what is copied
 * @param bitmap the name of a bitmap, or null
 * @param bitmapMode the name of a bitmap mode, or null
 * @param speed bytes per second, 0 for no limit
 * @param compress whether the target is written compressed
 * @param filterNodeName the name of the node put over the source, or null for a generated one
 */
public record BackupOptions(
    @Nullable String jobId,
    BlockNode source,
    BlockNode target,
    SyncMode sync,
    @Nullable String bitmap,
    @Nullable String bitmapMode,
    long speed,
    OnError onSourceError,
    OnError onTargetError,
    boolean compress,
    @Nullable String filterNodeName,
    boolean autoFinalize,
    boolean autoDismiss,
    Performance performance,
    @Nullable JobTransaction transaction) {

  /**
   * The member {@code x-perf}. Offloaded copies are not made, so {@code use-copy-range} has no
   * effect.
   *
   * @param maxWorkers copies at once at most, from 1
   * @param maxChunk bytes per copy at most, 0 for no limit
   * @param minClusterSize bytes; the copied clusters are not smaller, 0 for no wish
   */
  public record Performance(long maxWorkers, long maxChunk, long minClusterSize) {
    /** QMP's defaults. */
    public static final Performance DEFAULT = new Performance(64, 0, 0);
  }

  /** QMP's defaults. */
  public static Builder of(BlockNode source, BlockNode target, SyncMode sync) {
    return new Builder(source, target, sync);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private final BlockNode source;
    private final BlockNode target;
    private final SyncMode sync;
    private @Nullable String jobId;
    private @Nullable String bitmap;
    private @Nullable String bitmapMode;
    private @Nullable String filterNodeName;
    private long speed;
    private OnError onSourceError = OnError.REPORT;
    private OnError onTargetError = OnError.REPORT;
    private boolean compress;
    private boolean autoFinalize = true;
    private boolean autoDismiss = true;
    private Performance performance = Performance.DEFAULT;
    private @Nullable JobTransaction transaction;

    private Builder(BlockNode source, BlockNode target, SyncMode sync) {
      this.source = source;
      this.target = target;
      this.sync = sync;
    }

    /** See {@link BackupOptions#jobId}. */
    public Builder jobId(@Nullable String value) {
      jobId = value;
      return this;
    }

    /** See {@link BackupOptions#bitmap} and {@link BackupOptions#bitmapMode}. */
    public Builder bitmap(@Nullable String name, @Nullable String mode) {
      bitmap = name;
      bitmapMode = mode;
      return this;
    }

    /** See {@link BackupOptions#filterNodeName}. */
    public Builder filterNodeName(@Nullable String value) {
      filterNodeName = value;
      return this;
    }

    /** See {@link BackupOptions#speed}. */
    public Builder speed(long value) {
      speed = value;
      return this;
    }

    /** What errors of reading the source and writing the target do. */
    public Builder onError(OnError ofSource, OnError ofTarget) {
      onSourceError = ofSource;
      onTargetError = ofTarget;
      return this;
    }

    /** See {@link BackupOptions#compress}. */
    public Builder compress(boolean value) {
      compress = value;
      return this;
    }

    /** Whether the job goes on from pending, and vanishes from concluded, by itself. */
    public Builder auto(boolean finalizes, boolean dismisses) {
      autoFinalize = finalizes;
      autoDismiss = dismisses;
      return this;
    }

    /** See {@link Performance}. */
    public Builder performance(Performance value) {
      performance = value;
      return this;
    }

    /** The jobs to end together with. */
    public Builder transaction(@Nullable JobTransaction value) {
      transaction = value;
      return this;
    }

    /** The options. */
    public BackupOptions build() {
      return new BackupOptions(
          jobId,
          source,
          target,
          sync,
          bitmap,
          bitmapMode,
          speed,
          onSourceError,
          onTargetError,
          compress,
          filterNodeName,
          autoFinalize,
          autoDismiss,
          performance,
          transaction);
    }
  }
}
