// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/**
 * What a driver asks of the requests that reach it; {@link BlockNode} pads and splits accordingly.
 *
 * @param requestAlignment bytes, a power of two; offsets and lengths of reads and writes are
 *     multiples
 * @param maxTransfer bytes per read or write, 0 for no limit
 * @param writeZeroesAlignment bytes a write of zeroes should be aligned to, 0 for the request
 *     alignment
 * @param maxWriteZeroes bytes per write of zeroes, 0 for no limit
 * @param discardAlignment bytes below which a discard is dropped, 0 for the request alignment
 * @param maxDiscard bytes per discard, 0 for no limit
 */
public record Limits(
    int requestAlignment,
    int maxTransfer,
    int writeZeroesAlignment,
    long maxWriteZeroes,
    int discardAlignment,
    long maxDiscard) {
  /** Byte granular, without limits. */
  public static final Limits NONE = new Limits(1, 0, 0, 0, 0, 0);

  /** No limits but this alignment. */
  public static Limits aligned(int requestAlignment) {
    return new Limits(requestAlignment, 0, 0, 0, 0, 0);
  }
}
