// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.util.StringJoiner;

/**
 * The block layer's permissions as bits, with the names that QEMU's messages and image locks use.
 * Bit n of a mask is lock byte 100 + n (used) and 200 + n (not shared) of an image file.
 */
public final class Permission {
  /** Sees the data that is really there, not an intermediate state. */
  public static final int CONSISTENT_READ = 1;

  /** Changes the visible content. */
  public static final int WRITE = 2;

  /** Writes what is there already (copy on read, stream). */
  public static final int WRITE_UNCHANGED = 4;

  /** Changes the length. */
  public static final int RESIZE = 8;

  /** Every permission. */
  public static final int ALL = 15;

  private static final String[] NAMES = {"consistent read", "write", "write unchanged", "resize"};

  private Permission() {}

  /** The names of the bits in {@code mask}, joined by comma and space. */
  public static String names(int mask) {
    StringJoiner names = new StringJoiner(", ");
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((mask & (1 << bit)) != 0) {
        names.add(NAMES[bit]);
      }
    }
    return names.toString();
  }
}
