// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.qemuio;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Sizes as qemu-io reads and prints them. Pure; any thread. */
final class Sizes {
  private static final String[] UNITS = {" EiB", " PiB", " TiB", " GiB", " MiB", " KiB"};
  private static final String SUFFIXES = "bkmgtpe";
  private static final BigDecimal LIMIT = new BigDecimal(Long.MAX_VALUE);

  private Sizes() {}

  /** A size that could not be read; the message is qemu-io's. */
  static final class SizeException extends Exception {
    private static final long serialVersionUID = 1L;

    SizeException(String message) {
      super(message);
    }
  }

  /** Bytes: decimal with a fraction and a suffix of b k m g t p e, or hexadecimal. */
  static long parse(String text) throws SizeException {
    BigDecimal bytes = parseOrNull(text);
    if (bytes == null) {
      throw new SizeException(
          "Parsing error: non-numeric argument, or extraneous/unrecognized suffix -- " + text);
    }
    if (bytes.signum() < 0 || bytes.compareTo(LIMIT) > 0) {
      throw new SizeException("Parsing error: argument too large -- " + text);
    }
    return bytes.longValue();
  }

  @SuppressWarnings("NullAway") // null says "no number"; only parse looks at it
  private static BigDecimal parseOrNull(String text) {
    String trimmed = text.stripLeading();
    try {
      if (trimmed.startsWith("0x") || trimmed.startsWith("0X")) {
        return new BigDecimal(new java.math.BigInteger(trimmed.substring(2), 16));
      }
      int end = trimmed.length();
      int shift = 0;
      if (end > 1 && SUFFIXES.indexOf(Character.toLowerCase(trimmed.charAt(end - 1))) >= 0) {
        shift = SUFFIXES.indexOf(Character.toLowerCase(trimmed.charAt(end - 1))) * 10;
        end--;
      }
      String digits = trimmed.substring(0, end);
      if (!digits.matches("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)")) {
        return null;
      }
      BigDecimal number = new BigDecimal(digits);
      if (shift == 0 && number.stripTrailingZeros().scale() > 0) {
        return null;
      }
      BigDecimal unit = new BigDecimal(java.math.BigInteger.ONE.shiftLeft(shift));
      return number.multiply(unit).setScale(0, RoundingMode.DOWN);
    } catch (NumberFormatException malformed) {
      return null;
    }
  }

  /** {@code 64 KiB}, {@code 1.500 MiB}, {@code 512 bytes}. */
  static String print(double bytes) {
    for (int i = 0; i < UNITS.length; i++) {
      double unit = Math.pow(2, 60 - 10.0 * i);
      if (bytes >= unit) {
        return trimmed(String.format(Locale.ROOT, "%.3f", bytes / unit), UNITS[i]);
      }
    }
    return trimmed(String.format(Locale.ROOT, "%f", bytes), " bytes");
  }

  private static String trimmed(String number, String unit) {
    int zeroes = number.indexOf(".000");
    return (zeroes < 0 ? number : number.substring(0, zeroes)) + unit;
  }
}
