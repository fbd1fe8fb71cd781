// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.OnError;
import org.qblockd.blockjob.SyncMode;
import org.qblockd.job.JobTransaction;

/**
 * What a mirror is asked to do. The values are as the user gave them: {@link MirrorJob#start}
 * checks them.
 *
 * @param jobId the identifier, or null for the name of the source's drive
 * @param source the root node to mirror
 * @param target the node to mirror to
 * @param replaces the name of the node that the target replaces in the end, or null for the source
 * @param sync what is copied at the beginning
 * @param backing what becomes of the target's backing chain
 * @param zeroTarget whether the target may hold anything and must be zeroed where the source is
 * @param speed bytes per second, 0 for no limit
 * @param granularity bytes per dirty bit, 0 for the default
 * @param bufSize bytes in flight at most, 0 for the default
 * @param unmap whether zeroes may be written by deallocating
 * @param filterNodeName the name of the node put over the source, or null for an implicit one
 * @param backingOpener needed for {@link BackingMode#OPEN}
 */
public record MirrorOptions(
    @Nullable String jobId,
    BlockNode source,
    BlockNode target,
    @Nullable String replaces,
    SyncMode sync,
    BackingMode backing,
    boolean zeroTarget,
    long speed,
    long granularity,
    long bufSize,
    OnError onSourceError,
    OnError onTargetError,
    boolean unmap,
    @Nullable String filterNodeName,
    CopyMode copyMode,
    boolean autoFinalize,
    boolean autoDismiss,
    BackingOpener backingOpener,
    @Nullable JobTransaction transaction) {

  /** QMP's defaults, as blockdev-mirror has them. */
  public static Builder of(BlockNode source, BlockNode target, SyncMode sync) {
    return new Builder(source, target, sync);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private final BlockNode source;
    private final BlockNode target;
    private final SyncMode sync;
    private @Nullable String jobId;
    private @Nullable String replaces;
    private @Nullable String filterNodeName;
    private BackingMode backing = BackingMode.LEAVE;
    private BackingOpener backingOpener = image -> {};
    private boolean zeroTarget;
    private long speed;
    private long granularity;
    private long bufSize;
    private OnError onSourceError = OnError.REPORT;
    private OnError onTargetError = OnError.REPORT;
    private boolean unmap = true;
    private CopyMode copyMode = CopyMode.BACKGROUND;
    private boolean autoFinalize = true;
    private boolean autoDismiss = true;
    private @Nullable JobTransaction transaction;

    private Builder(BlockNode source, BlockNode target, SyncMode sync) {
      this.source = source;
      this.target = target;
      this.sync = sync;
      this.zeroTarget = sync == SyncMode.FULL;
    }

    /** See {@link MirrorOptions#jobId}. */
    public Builder jobId(@Nullable String value) {
      jobId = value;
      return this;
    }

    /** See {@link MirrorOptions#replaces}. */
    public Builder replaces(@Nullable String value) {
      replaces = value;
      return this;
    }

    /** See {@link MirrorOptions#filterNodeName}. */
    public Builder filterNodeName(@Nullable String value) {
      filterNodeName = value;
      return this;
    }

    /** See {@link MirrorOptions#backing}. */
    public Builder backing(BackingMode mode, BackingOpener opener) {
      backing = mode;
      backingOpener = opener;
      return this;
    }

    /** See {@link MirrorOptions#zeroTarget}. */
    public Builder zeroTarget(boolean value) {
      zeroTarget = value;
      return this;
    }

    /** See {@link MirrorOptions#speed}. */
    public Builder speed(long value) {
      speed = value;
      return this;
    }

    /** See {@link MirrorOptions#granularity}. */
    public Builder granularity(long value) {
      granularity = value;
      return this;
    }

    /** See {@link MirrorOptions#bufSize}. */
    public Builder bufSize(long value) {
      bufSize = value;
      return this;
    }

    /** What errors of reading the source and writing the target do. */
    public Builder onError(OnError ofSource, OnError ofTarget) {
      onSourceError = ofSource;
      onTargetError = ofTarget;
      return this;
    }

    /** See {@link MirrorOptions#unmap}. */
    public Builder unmap(boolean value) {
      unmap = value;
      return this;
    }

    /** See {@link MirrorOptions#copyMode}. */
    public Builder copyMode(CopyMode value) {
      copyMode = value;
      return this;
    }

    /** Whether the job goes on from pending, and vanishes from concluded, by itself. */
    public Builder auto(boolean finalizes, boolean dismisses) {
      autoFinalize = finalizes;
      autoDismiss = dismisses;
      return this;
    }

    /** The jobs to end together with. */
    public Builder transaction(@Nullable JobTransaction value) {
      transaction = value;
      return this;
    }

    /** The options. */
    public MirrorOptions build() {
      return new MirrorOptions(
          jobId,
          source,
          target,
          replaces,
          sync,
          backing,
          zeroTarget,
          speed,
          granularity,
          bufSize,
          onSourceError,
          onTargetError,
          unmap,
          filterNodeName,
          copyMode,
          autoFinalize,
          autoDismiss,
          backingOpener,
          transaction);
    }
  }

  MirrorOptions withSync(SyncMode value) {
    return copy(value, replaces);
  }

  MirrorOptions withReplaces(@Nullable String value) {
    return copy(sync, value);
  }

  private MirrorOptions copy(SyncMode newSync, @Nullable String newReplaces) {
    return new MirrorOptions(
        jobId,
        source,
        target,
        newReplaces,
        newSync,
        backing,
        zeroTarget,
        speed,
        granularity,
        bufSize,
        onSourceError,
        onTargetError,
        unmap,
        filterNodeName,
        copyMode,
        autoFinalize,
        autoDismiss,
        backingOpener,
        transaction);
  }
}
