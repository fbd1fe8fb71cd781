// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.mirror;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.BitmapMode;
import org.qblockd.blockjob.CopyMode;
import org.qblockd.blockjob.CopyOptions;
import org.qblockd.blockjob.SyncMode;

/**
 * What a mirror is asked to do. The values are as the user gave them: {@link MirrorJob#start}
 * checks them.
 *
 * @param common what every copy is asked
 * @param source the root node to mirror
 * @param target the node to mirror to
 * @param replaces the name of the node that the target replaces in the end, or null for the source
 * @param sync what is copied at the beginning
 * @param backing what becomes of the target's backing chain
 * @param zeroTarget whether the target may hold anything and must be zeroed where the source is
 * @param granularity bytes per dirty bit, 0 for the default
 * @param bufSize bytes in flight at most, 0 for the default
 * @param unmap whether zeroes may be written by deallocating
 * @param backingOpener needed for {@link BackingMode#OPEN}
 * @param commit whether this is a commit of an active image into {@code target}, a node of its
 *     backing chain
 * @param autoComplete whether the job completes by itself as soon as it is in step
 * @param bitmap the name of the source's bitmap that says what is copied, or null
 * @param bitmapMode what becomes of the bitmap, or null
 * @param warn prints a warning on standard error
 */
public record MirrorOptions(
    CopyOptions common,
    BlockNode source,
    BlockNode target,
    @Nullable String replaces,
    SyncMode sync,
    BackingMode backing,
    boolean zeroTarget,
    long granularity,
    long bufSize,
    boolean unmap,
    CopyMode copyMode,
    BackingOpener backingOpener,
    boolean commit,
    boolean autoComplete,
    @Nullable String bitmap,
    @Nullable BitmapMode bitmapMode,
    Consumer<String> warn) {

  /** QMP's defaults, as blockdev-mirror has them. */
  public static Builder of(BlockNode source, BlockNode target, SyncMode sync) {
    return new Builder(source, target, sync);
  }

  /** A commit of what {@code top} and the images below hold into {@code base}. */
  public static Builder commit(BlockNode top, BlockNode base) {
    Builder builder = new Builder(top, base, SyncMode.TOP);
    builder.commit = true;
    return builder;
  }

  /** Collects what differs from the defaults. */
  public static final class Builder extends CopyOptions.Builder<Builder> {
    private final BlockNode source;
    private final BlockNode target;
    private final SyncMode sync;
    private @Nullable String replaces;
    private BackingMode backing = BackingMode.LEAVE;
    private BackingOpener backingOpener = image -> {};
    private boolean zeroTarget;
    private long granularity;
    private long bufSize;
    private boolean unmap = true;
    private CopyMode copyMode = CopyMode.BACKGROUND;
    private boolean commit;
    private boolean autoComplete;
    private @Nullable String bitmap;
    private @Nullable BitmapMode bitmapMode;
    private Consumer<String> warn = sentence -> {};

    private Builder(BlockNode source, BlockNode target, SyncMode sync) {
      this.source = source;
      this.target = target;
      this.sync = sync;
      this.zeroTarget = sync == SyncMode.FULL;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** See {@link MirrorOptions#replaces}. */
    public Builder replaces(@Nullable String value) {
      replaces = value;
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

    /** See {@link MirrorOptions#unmap}. */
    public Builder unmap(boolean value) {
      unmap = value;
      return this;
    }

    /** See {@link MirrorOptions#autoComplete}. */
    public Builder autoComplete(boolean value) {
      autoComplete = value;
      return this;
    }

    /** See {@link MirrorOptions#copyMode}. */
    public Builder copyMode(CopyMode value) {
      copyMode = value;
      return this;
    }

    /** See {@link MirrorOptions#bitmap} and {@link MirrorOptions#bitmapMode}. */
    public Builder bitmap(@Nullable String name, @Nullable BitmapMode mode) {
      bitmap = name;
      bitmapMode = mode;
      return this;
    }

    /** See {@link MirrorOptions#warn}. */
    public Builder warn(Consumer<String> printer) {
      warn = printer;
      return this;
    }

    /** The options. */
    public MirrorOptions build() {
      return new MirrorOptions(
          common(),
          source,
          target,
          replaces,
          sync,
          backing,
          zeroTarget,
          granularity,
          bufSize,
          unmap,
          copyMode,
          backingOpener,
          commit,
          autoComplete,
          bitmap,
          bitmapMode,
          warn);
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
        common,
        source,
        target,
        newReplaces,
        newSync,
        backing,
        zeroTarget,
        granularity,
        bufSize,
        unmap,
        copyMode,
        backingOpener,
        commit,
        autoComplete,
        bitmap,
        bitmapMode,
        warn);
  }
}
