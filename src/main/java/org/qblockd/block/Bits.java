// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

/** Arithmetic on words of bits. Pure; any thread. */
final class Bits {
  private Bits() {}

  /** The bits from one bit to another that lie in the word of the first. */
  static long maskWithin(long bit, long last) {
    long from = -1L << (bit & 63);
    return bit >> 6 == last >> 6 ? from & (-1L >>> (63 - (last & 63))) : from;
  }
}
