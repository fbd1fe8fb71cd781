// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.commit;

import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.CopyOptions;

/**
 * What a commit of images that nobody writes is asked to do.
 *
 * @param common what every copy is asked
 * @param root the root of the chain, which the job is named after
 * @param top the uppermost node whose data moves down
 * @param base the node that takes it over
 * @param backingFile what the image above {@code top} names as its backing file in the end, or null
 *     for the base's name
 * @param maskProtocol whether a backing file without a format is called raw
 */
public record CommitOptions(
    CopyOptions common,
    BlockNode root,
    BlockNode top,
    BlockNode base,
    @Nullable String backingFile,
    boolean maskProtocol) {

  /** QMP's defaults. */
  public static Builder of(BlockNode root, BlockNode top, BlockNode base) {
    return new Builder(root, top, base);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder extends CopyOptions.Builder<Builder> {
    private final BlockNode root;
    private final BlockNode top;
    private final BlockNode base;
    private @Nullable String backingFile;
    private boolean maskProtocol;

    private Builder(BlockNode root, BlockNode top, BlockNode base) {
      this.root = root;
      this.top = top;
      this.base = base;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** See {@link CommitOptions#backingFile} and {@link CommitOptions#maskProtocol}. */
    public Builder backingFile(@Nullable String name, boolean mask) {
      backingFile = name;
      maskProtocol = mask;
      return this;
    }

    /** The options. */
    public CommitOptions build() {
      return new CommitOptions(common(), root, top, base, backingFile, maskProtocol);
    }
  }
}
