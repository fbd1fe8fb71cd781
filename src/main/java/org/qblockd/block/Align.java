// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** Rounding to multiples of a power of two. */
public final class Align {
  private Align() {}

  /** The largest multiple of {@code alignment} that is not above {@code value}. */
  public static long down(long value, long alignment) {
    return value & -alignment;
  }

  /** The smallest multiple of {@code alignment} that is not below {@code value}. */
  public static long up(long value, long alignment) {
    return (value + alignment - 1) & -alignment;
  }

  /** Whether {@code value} is a multiple of {@code alignment}. */
  public static boolean is(long value, long alignment) {
    return (value & (alignment - 1)) == 0;
  }
}
