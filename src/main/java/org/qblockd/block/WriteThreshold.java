// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;

/**
 * A length of a node which no write may pass unnoticed: the first that does is told, and the
 * threshold is gone. Any thread.
 */
public final class WriteThreshold {
  /** Is told of the write. */
  public interface Listener {
    /** The write ends {@code exceeded} bytes behind the threshold. Any thread. */
    void passed(long threshold, long exceeded);
  }

  private final long bytes;
  private final Listener listener;

  private WriteThreshold(long bytes, Listener listener) {
    this.bytes = bytes;
    this.listener = listener;
  }

  /** Sets the node's threshold in bytes, unsigned; 0 for none. */
  public static void set(BlockNode node, long bytes, Listener listener) {
    node.io().marks().setThreshold(bytes == 0 ? null : new WriteThreshold(bytes, listener));
  }

  /** The node's threshold in bytes, unsigned; 0 for none. */
  public static long of(BlockNode node) {
    WriteThreshold threshold = node.io().marks().threshold();
    return threshold == null ? 0 : threshold.bytes;
  }

  /** A write that ends here; returns what is left of the threshold. */
  @Nullable WriteThreshold after(long end) {
    if (Long.compareUnsigned(end, bytes) <= 0) {
      return this;
    }
    listener.passed(bytes, end - bytes);
    return null;
  }
}
