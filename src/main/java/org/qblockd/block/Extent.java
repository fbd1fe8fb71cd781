// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import org.jspecify.annotations.Nullable;

/**
 * The status of the first {@code length} bytes of a range, as QEMU's block status has it.
 *
 * @param length bytes, at least 1 and at most what was asked for, unless at the end of the node
 * @param flags a mask of the constants here
 * @param hostOffset where the bytes lie in {@code host}; meaningful with {@link #OFFSET_VALID}
 * @param host the node that holds the bytes, or null
 */
public record Extent(long length, int flags, long hostOffset, @Nullable BlockNode host) {
  /** Reading gives data that is stored. */
  public static final int DATA = 1;

  /** Reading gives zeroes. */
  public static final int ZERO = 2;

  /** {@link #hostOffset} is set. */
  public static final int OFFSET_VALID = 4;

  /** The bytes are stored in this very node, not below it: look at {@code host} for the truth. */
  public static final int RAW = 8;

  /** This layer decides the content (not the backing node). */
  public static final int ALLOCATED = 16;

  /** The range ends at the end of the node. */
  public static final int EOF = 32;

  /** Only bytes of a parent's own: look at the {@code host} node at the same offset. */
  public static final int RECURSE = 64;

  /** The data is stored compressed. */
  public static final int COMPRESSED = 128;

  /** An extent without a place in a host node. */
  public static Extent of(long length, int flags) {
    return new Extent(length, flags, 0, null);
  }

  /** Whether all of {@code mask} is set. */
  public boolean has(int mask) {
    return (flags & mask) == mask;
  }
}
