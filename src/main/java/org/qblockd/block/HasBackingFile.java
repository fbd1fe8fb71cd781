// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;

/** A format whose image names a backing file. Lane only. */
public interface HasBackingFile {
  /** The name as it stands in the image, or null. */
  @Nullable String backingFile();

  /** The backing format as it stands in the image, or null. */
  @Nullable String backingFormat();

  /** Writes another name and format into the image. */
  void changeBackingFile(@Nullable String file, @Nullable String format) throws BlockException;
}
