// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockjob;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.BlockGraph;
import org.qblockd.block.BlockNode;
import org.qblockd.block.HasBackingFile;

/** Changes what images say about their backing files, and who may write. Control lane. */
public final class BackingFiles {
  private BackingFiles() {}

  /**
   * Writes another backing file into the image of {@code node}.
   *
   * @throws BlockException ENOTSUP when the format has none
   */
  public static void change(
      BlockGraph graph, BlockNode node, @Nullable String file, @Nullable String format)
      throws BlockException {
    if (node.ejected()) {
      throw BlockException.io(Errno.ENOMEDIUM);
    }
    HasBackingFile image = node.capability(HasBackingFile.class);
    if (image == null) {
      throw BlockException.io(Errno.ENOTSUP);
    }
    image.changeBackingFile(file, format);
    graph.origins().backingFileChanged(node);
  }

  /** Makes the node writable or read-only again. */
  public static void setReadOnly(BlockGraph graph, BlockNode node, boolean readOnly)
      throws BlockException {
    BlockNode changed =
        graph.drained(
            node,
            () -> {
              graph.origins().setReadOnly(node, readOnly);
              return node;
            });
    assert changed.readOnly() == readOnly;
  }
}
