// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.Arrays;

/**
 * How many requests took how long. Not thread safe: under the lock of {@link Accounting}.
 *
 * @param boundaries in nanoseconds, rising, compared without sign
 * @param bins one more than boundaries; a value that equals a boundary counts in the bin above it
 */
public record LatencyHistogram(long[] boundaries, long[] bins) {
  /** An empty one, or null when the boundaries do not rise from above zero. */
  static @org.jspecify.annotations.Nullable LatencyHistogram of(long[] boundaries) {
    long previous = 0;
    for (long boundary : boundaries) {
      if (Long.compareUnsigned(boundary, previous) <= 0) {
        return null;
      }
      previous = boundary;
    }
    return new LatencyHistogram(boundaries.clone(), new long[boundaries.length + 1]);
  }

  void add(long nanos) {
    int bin = 0;
    while (bin < boundaries.length && Long.compareUnsigned(nanos, boundaries[bin]) >= 0) {
      bin++;
    }
    bins[bin]++;
  }

  LatencyHistogram copy() {
    return new LatencyHistogram(boundaries, Arrays.copyOf(bins, bins.length));
  }
}
