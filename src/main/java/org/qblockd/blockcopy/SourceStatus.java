// SPDX-License-Identifier: Apache-2.0
package org.qblockd.blockcopy;

import org.qblockd.base.BlockException;
import org.qblockd.block.BlockStatus;
import org.qblockd.block.Child;
import org.qblockd.block.Extent;

/**
 * Whether a range of a source is data or zeroes, for a copy. Asking is dear on some file systems,
 * so the last run of data is remembered; to copy data that has become zeroes meanwhile is correct,
 * so it need not be forgotten. Zeroes are never remembered. Any thread.
 */
public final class SourceStatus {
  private record Run(long offset, long end) {}

  private final Child source;
  private final long length;
  private volatile Run data = new Run(0, 0);

  /** The status of {@code source}, {@code length} bytes long. */
  public SourceStatus(Child source, long length) {
    this.source = source;
    this.length = length;
  }

  /**
   * The kind of the bytes at {@code offset}, for at most {@code bytes}: {@link Extent#DATA} set or
   * not. What cannot be found out is data.
   */
  public Extent at(long offset, long bytes) {
    Run known = data;
    if (known.offset() <= offset && offset < known.end()) {
      return Extent.of(Math.min(bytes, known.end() - offset), Extent.DATA);
    }
    Extent found;
    try {
      found = BlockStatus.above(source.node(), null, offset, length - offset, true);
    } catch (BlockException unknown) {
      return Extent.of(bytes, Extent.DATA);
    }
    if (found.has(Extent.DATA)) {
      data = new Run(offset, offset + found.length());
    }
    return Extent.of(Math.min(bytes, found.length()), found.flags() & Extent.DATA);
  }
}
