// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qapi.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Prints a double as printf(3) does with {@code %.17g}. Stateless; any thread. */
final class NumberText {
  private static final int DIGITS = 17;
  private static final MathContext ROUNDING = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

  private NumberText() {}

  static String of(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    String sign = Double.doubleToRawLongBits(number) < 0 ? "-" : "";
    double magnitude = Math.abs(number);
    if (magnitude == 0) {
      return sign + "0";
    }
    return sign + (Double.isInfinite(magnitude) ? "inf" : finite(magnitude));
  }

  private static String finite(double magnitude) {
    BigDecimal rounded = new BigDecimal(magnitude).round(ROUNDING).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS) {
      return rounded.toPlainString();
    }
    String digits = rounded.unscaledValue().toString();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    int size = Math.abs(exponent);
    String power = (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    return digits.charAt(0) + fraction + power;
  }
}
