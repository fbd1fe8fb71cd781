// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

/**
 * Decodes the UTF-8 dialect of QEMU's strings: U+0000 may be written as C0 80; surrogates,
 * noncharacters, overlong forms and code points above U+10FFFF are invalid. Stateless; any thread.
 */
final class ModifiedUtf8 {
  /** Returned instead of a code point for an invalid sequence. */
  static final int INVALID = -1;

  private static final int REPLACEMENT = 0xFFFD;

  private ModifiedUtf8() {}

  /** Whether QEMU lets a string hold this code point. */
  static boolean isValid(int codePoint) {
    boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
    boolean noncharacter =
        (codePoint >= 0xFDD0 && codePoint <= 0xFDEF) || (codePoint & 0xFFFE) == 0xFFFE;
    return codePoint >= 0 && codePoint <= 0x10FFFF && !surrogate && !noncharacter;
  }

  /**
   * Where the sequence that begins at {@code from} ends: a lead byte takes the continuation bytes
   * it announces as far as they are there, an impossible byte stands alone.
   */
  static int sequenceEnd(byte[] bytes, int from, int to) {
    int announced = Math.max(1, announcedLength(bytes[from]));
    int at = from + 1;
    while (at < to && at < from + announced && (bytes[at] & 0xC0) == 0x80) {
      at++;
    }
    return at;
  }

  /** The code point that the sequence encodes, or {@link #INVALID}. */
  static int decode(byte[] bytes, int from, int end) {
    int lead = bytes[from] & 0xFF;
    int length = announcedLength(bytes[from]);
    if (length == 1) {
      return lead;
    }
    if (length == 0 || end - from != length) {
      return INVALID;
    }
    int codePoint = lead & (0x7F >> length);
    for (int at = from + 1; at < end; at++) {
      codePoint = codePoint << 6 | (bytes[at] & 0x3F);
    }
    boolean zero = codePoint == 0 && length == 2;
    return isValid(codePoint) && (zero || length == encodedLength(codePoint)) ? codePoint : INVALID;
  }

  /** The bytes up to the first NUL as text, each invalid sequence replaced by U+FFFD. */
  static String decodeLenient(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int at = from;
    while (at < to && bytes[at] != 0) {
      int end = sequenceEnd(bytes, at, to);
      int codePoint = decode(bytes, at, end);
      text.appendCodePoint(codePoint == INVALID ? REPLACEMENT : codePoint);
      at = end;
    }
    return text.toString();
  }

  /** Sequence length that a first byte announces, 1 to 6; 0 for a byte that cannot be first. */
  private static int announcedLength(byte first) {
    if (first >= 0) {
      return 1;
    }
    int ones = Integer.numberOfLeadingZeros(~(first << 24));
    return ones == 1 || ones > 6 ? 0 : ones;
  }

  private static int encodedLength(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    if (codePoint < 0x800) {
      return 2;
    }
    return codePoint < 0x10000 ? 3 : 4;
  }
}
