// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import java.util.Optional;
import org.qblockd.base.BlockException;
import org.qblockd.block.BlockBackend;
import org.qblockd.block.BlockNode;
import org.qblockd.qapi.types.BlockdevCreateOptions;
import org.qblockd.qapi.types.BlockdevRef;

/**
 * Creates images of one format or files of one protocol; see {@link ImageCreator}. Control lane.
 */
public interface FormatCreator {
  /** Where a creator gets the nodes that the new image lies on. */
  interface Nodes {
    /**
     * Opens or looks up a node to write the image to; the caller closes the backend.
     *
     * @return a backend that may read, write and resize
     */
    BlockBackend open(BlockdevRef ref) throws BlockException;

    /** The file name that queries would show for a node. */
    String filenameOf(BlockNode node);
  }

  /**
   * Creates the image.
   *
   * @param options their branch is that of the driver
   * @throws BlockException EFBIG when the format cannot hold the size
   */
  void create(BlockdevCreateOptions options, Nodes nodes) throws BlockException;

  /**
   * What can be computed before {@link #create}, without the lane, if anything; it keeps its result
   * for that. Wrong options are not told here but when the image is created.
   */
  default Optional<Computation<Boolean>> preparation(BlockdevCreateOptions options) {
    return Optional.empty();
  }

  /** Whether an image needs more than a file of its size: whether {@link #create} does anything. */
  default boolean needsFile() {
    return true;
  }

  /** The typed options for an image that is only known by names, on the empty file {@code file}. */
  default BlockdevCreateOptions options(ImageCreator.NewImage image, BlockdevRef file)
      throws BlockException {
    throw new UnsupportedOperationException("not a format with a file");
  }

  /** What QEMU prints behind {@code fmt=…}: the options of a new image and their values. */
  default String describe(ImageCreator.NewImage image) {
    return "size=" + image.size();
  }

  /** What follows {@code The image size is too large for file format 'x'}. */
  default String tooLargeHint() {
    return "";
  }

  /** Removes a file that was created in vain. */
  default void delete(String filename) throws BlockException {}
}
