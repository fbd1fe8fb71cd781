// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob.stream;

import org.jspecify.annotations.Nullable;
import org.qblockd.block.BlockNode;
import org.qblockd.blockjob.CopyOptions;

/**
 * What a stream is asked to do. At most one of {@code base} and {@code bottom} is given; none means
 * the whole chain.
 *
 * @param common what every copy is asked
 * @param node the node whose image takes over the data
 * @param base the node that stays as its backing file
 * @param bottom the last image whose data is taken over
 * @param backingFile what to write as backing file's name instead of the base's
 * @param maskProtocol whether a backing file without a format is called raw
 */
public record StreamOptions(
    CopyOptions common,
    BlockNode node,
    @Nullable BlockNode base,
    @Nullable BlockNode bottom,
    @Nullable String backingFile,
    boolean maskProtocol) {

  /** QMP's defaults: the whole chain. */
  public static Builder of(BlockNode node) {
    return new Builder(node);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder extends CopyOptions.Builder<Builder> {
    private final BlockNode node;
    private @Nullable BlockNode base;
    private @Nullable BlockNode bottom;
    private @Nullable String backingFile;
    private boolean maskProtocol;

    private Builder(BlockNode node) {
      this.node = node;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /** See {@link StreamOptions#base} and {@link StreamOptions#bottom}. */
    public Builder downTo(@Nullable BlockNode newBase, @Nullable BlockNode newBottom) {
      base = newBase;
      bottom = newBottom;
      return this;
    }

    /** See {@link StreamOptions#backingFile} and {@link StreamOptions#maskProtocol}. */
    public Builder backingFile(@Nullable String name, boolean mask) {
      backingFile = name;
      maskProtocol = mask;
      return this;
    }

    /** The options. */
    public StreamOptions build() {
      return new StreamOptions(common(), node, base, bottom, backingFile, maskProtocol);
    }
  }
}
