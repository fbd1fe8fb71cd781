// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in option strings, with what C's conversions and QEMU's sizes allow. Any thread. */
final class NumberText {
  private static final Pattern INTEGER =
      Pattern.compile("[ \\t\\n\\x0B\\f\\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)");
  private static final Pattern SIZE =
      Pattern.compile(
          "[ \\t\\n\\x0B\\f\\r]*\\+?(?:([0-9]+)(?:\\.([0-9]*))?|\\.([0-9]+))([bBkKmMgGtTpPeE]?)");
  private static final Pattern HEX_SIZE =
      Pattern.compile("[ \\t\\n\\x0B\\f\\r]*\\+?0[xX]([0-9a-fA-F]+)");
  private static final Pattern FINITE =
      Pattern.compile("[ \\t\\n\\x0B\\f\\r]*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern BARE_NUMBER = Pattern.compile("[ \\t\\n\\x0B\\f\\r]*[+-]?[0-9]+");
  private static final String SUFFIXES = "BKMGTPE";

  private NumberText() {}

  /** A signed integer of 64 bits: decimal, octal or hexadecimal. */
  static OptionalLong signed(String text) {
    Matcher matcher = INTEGER.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    BigInteger value = integer(matcher);
    return value.bitLength() < Long.SIZE
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  /** An unsigned integer of 64 bits; a minus sign wraps around, as in C. */
  static OptionalLong unsigned(String text) {
    Matcher matcher = INTEGER.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    BigInteger value = integer(matcher);
    return value.abs().bitLength() <= Long.SIZE
        ? OptionalLong.of(value.longValue())
        : OptionalLong.empty();
  }

  private static BigInteger integer(Matcher matcher) {
    String digits = matcher.group(2);
    BigInteger value;
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      value = new BigInteger(digits.substring(2), 16);
    } else if (digits.startsWith("0")) {
      value = new BigInteger(digits, 8);
    } else {
      value = new BigInteger(digits);
    }
    return matcher.group(1).equals("-") ? value.negate() : value;
  }

  /** Whether a text has the form of an integer, whatever its range. */
  static boolean isInteger(String text) {
    return INTEGER.matcher(text).matches();
  }

  /** Whether a text that is no size would be one if sizes had no limits; QEMU tells these apart. */
  static boolean isSizeOutOfRange(String text) {
    if (BARE_NUMBER.matcher(text).matches() || HEX_SIZE.matcher(text).matches()) {
      return true;
    }
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches() || matcher.group(1) == null) {
      return false;
    }
    boolean bytes = matcher.group(4).isEmpty() || matcher.group(4).equalsIgnoreCase("B");
    return !bytes && new BigInteger(matcher.group(1)).bitLength() <= Long.SIZE;
  }

  /** A number of bytes with an optional suffix for a power of 1024. */
  static OptionalLong size(String text) {
    Matcher hex = HEX_SIZE.matcher(text);
    if (hex.matches()) {
      return scaled(new BigDecimal(new BigInteger(hex.group(1), 16)), "");
    }
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    String whole = matcher.group(1) == null ? "0" : matcher.group(1);
    String fraction = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
    String number = whole + "." + (fraction == null ? "" : fraction) + "0";
    return scaled(new BigDecimal(number), matcher.group(4));
  }

  private static OptionalLong scaled(BigDecimal number, String suffix) {
    int power = suffix.isEmpty() ? 0 : SUFFIXES.indexOf(Character.toUpperCase(suffix.charAt(0)));
    if (power == 0 && number.stripTrailingZeros().scale() > 0) {
      return OptionalLong.empty();
    }
    BigInteger bytes =
        number
            .multiply(BigDecimal.valueOf(1L << (10 * power)))
            .setScale(0, RoundingMode.HALF_UP)
            .toBigInteger();
    return bytes.bitLength() <= Long.SIZE
        ? OptionalLong.of(bytes.longValue())
        : OptionalLong.empty();
  }

  /** A finite decimal number. */
  static OptionalDouble finite(String text) {
    if (!FINITE.matcher(text).matches()) {
      return OptionalDouble.empty();
    }
    double value = Double.parseDouble(text.strip());
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
