// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.backup;

import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.BitmapMode;
import org.qblockd.blockjob.CopyOptions;
import org.qblockd.blockjob.SyncMode;

/**
 * What a backup is asked to do. The values are as the user gave them: {@link BackupJob#create}
 * checks them.
 *
 * @param common what every copy is asked
 * @param source the node to back up
 * @param target the node to back up to
 * @param sync what is copied
 * @param bitmap the name of a bitmap, or null
 * @param bitmapMode what becomes of the bitmap, or null
 * @param compress whether the target is written compressed
 * @param discardSource whether what was copied is given back at the source
 */
public record BackupOptions(
    CopyOptions common,
    BlockNode source,
    BlockNode target,
    SyncMode sync,
    @Nullable String bitmap,
    @Nullable BitmapMode bitmapMode,
    boolean compress,
    boolean discardSource,
    Performance performance) {

  /**
   * The member {@code x-perf}.
   *
   * @param useCopyRange whether files copy data between them where they can
   * @param maxWorkers copies at once at most, from 1
   * @param maxChunk bytes per copy at most, 0 for no limit
   * @param minClusterSize bytes; the copied clusters are not smaller, 0 for no wish
   */
  public record Performance(
      boolean useCopyRange, long maxWorkers, long maxChunk, long minClusterSize) {
    /** QMP's defaults. */
    public static final Performance DEFAULT = new Performance(false, 64, 0, 0);
  }

  /** QMP's defaults. */
  public static Builder of(BlockNode source, BlockNode target, SyncMode sync) {
    return new Builder(source, target, sync);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder extends CopyOptions.Builder<Builder> {
    private final BlockNode source;
    private final BlockNode target;
    private final SyncMode sync;
    private @Nullable String bitmap;
    private @Nullable BitmapMode bitmapMode;
    private boolean compress;
    private boolean discardSource;
    private Performance performance = Performance.DEFAULT;

    private Builder(BlockNode source, BlockNode target, SyncMode sync) {
      this.source = source;
      this.target = target;
      this.sync = sync;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** See {@link BackupOptions#bitmap} and {@link BackupOptions#bitmapMode}. */
    public Builder bitmap(@Nullable String name, @Nullable BitmapMode mode) {
      bitmap = name;
      bitmapMode = mode;
      return this;
    }

    /** See {@link BackupOptions#compress}. */
    public Builder compress(boolean value) {
      compress = value;
      return this;
    }

    /** See {@link BackupOptions#discardSource}. */
    public Builder discardSource(boolean value) {
      discardSource = value;
      return this;
    }

    /** See {@link Performance}. */
    public Builder performance(Performance value) {
      performance = value;
      return this;
    }

    /** The options. */
    public BackupOptions build() {
      return new BackupOptions(
          common(), source, target, sync, bitmap, bitmapMode, compress, discardSource, performance);
    }
  }
}
