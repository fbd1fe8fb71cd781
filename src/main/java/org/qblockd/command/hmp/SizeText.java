// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** A size as a human monitor's user writes it: 10 (mebibytes), 1.5G, 512b, 0x200. */
final class SizeText {
  private static final String UNITS = "bkmgtpe";
  private static final int MEBI = 2;
  private static final int BITS_PER_UNIT = 10;

  private SizeText() {}

  /** Reads a size at the cursor, in bytes; stops behind its unit. */
  static long read(HmpLine line) throws WrongArgument {
    line.skipBlanks();
    line.advance(line.peek(0) == '+' ? 1 : 0);
    boolean hex =
        line.peek(0) == '0'
            && (line.peek(1) == 'x' || line.peek(1) == 'X')
            && Character.digit(line.peek(2), 16) >= 0;
    return hex ? hexadecimal(line) : decimal(line);
  }

  private static long hexadecimal(HmpLine line) throws WrongArgument {
    line.advance(2);
    BigDecimal value = new BigDecimal(new BigInteger(digits(line, 16), 16));
    if (!line.atEnd() && (line.peek(0) == '.' || unit(line.peek(0)) >= 0)) {
      throw invalid();
    }
    return bytes(value, MEBI);
  }

  private static long decimal(HmpLine line) throws WrongArgument {
    String whole = digits(line, 10);
    String fraction = "";
    if (line.peek(0) == '.') {
      line.advance(1);
      fraction = digits(line, 10);
    }
    if (whole.isEmpty() && fraction.isEmpty()) {
      throw invalid();
    }
    int unit = unit(line.peek(0));
    if (unit >= 0) {
      line.advance(1);
    }
    BigDecimal value = new BigDecimal("0" + whole + "." + fraction + "0");
    if (unit == 0 && value.stripTrailingZeros().scale() > 0) {
      throw invalid();
    }
    return bytes(value, unit < 0 ? MEBI : unit);
  }

  private static long bytes(BigDecimal value, int unit) throws WrongArgument {
    BigDecimal factor = new BigDecimal(BigInteger.ONE.shiftLeft(unit * BITS_PER_UNIT));
    BigInteger bytes = value.multiply(factor).setScale(0, RoundingMode.DOWN).toBigInteger();
    if (bytes.bitLength() >= Long.SIZE) {
      throw invalid();
    }
    return bytes.longValue();
  }

  private static int unit(char c) {
    return c == 0 ? -1 : UNITS.indexOf(Character.toLowerCase(c));
  }

  private static String digits(HmpLine line, int radix) {
    StringBuilder digits = new StringBuilder();
    while (Character.digit(line.peek(0), radix) >= 0) {
      digits.append(line.peek(0));
      line.advance(1);
    }
    return digits.toString();
  }

  private static WrongArgument invalid() {
    return new WrongArgument("invalid size\n");
  }
}
