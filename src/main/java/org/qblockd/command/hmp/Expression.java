// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.math.BigInteger;

/**
 * Numbers as a human monitor's user may write them: sums of bit operations of products, with signs,
 * parentheses and characters; 64 bits, wrapping around. Control lane.
 */
final class Expression {
  private final HmpLine line;

  private Expression(HmpLine line) {
    this.line = line;
  }

  /** Reads as much as is an expression, and the blanks after it. */
  static long read(HmpLine line) throws WrongArgument {
    line.skipBlanks();
    return new Expression(line).sum();
  }

  private long sum() throws WrongArgument {
    long value = bits();
    while (line.peek(0) == '+' || line.peek(0) == '-') {
      boolean plus = next() == '+';
      long operand = bits();
      value = plus ? value + operand : value - operand;
    }
    return value;
  }

  private long bits() throws WrongArgument {
    long value = product();
    while (isOne(line.peek(0), "&|^")) {
      char operator = next();
      long operand = product();
      value =
          switch (operator) {
            case '&' -> value & operand;
            case '|' -> value | operand;
            default -> value ^ operand;
          };
    }
    return value;
  }

  private long product() throws WrongArgument {
    long value = unary();
    while (isOne(line.peek(0), "*/%")) {
      char operator = next();
      long operand = unary();
      if (operand == 0 && operator != '*') {
        throw new WrongArgument("division by zero\n");
      }
      value =
          switch (operator) {
            case '*' -> value * operand;
            case '/' -> value / operand;
            default -> value % operand;
          };
    }
    return value;
  }

  private long unary() throws WrongArgument {
    if (line.atEnd()) {
      throw new WrongArgument("unexpected end of expression\n");
    }
    return switch (line.peek(0)) {
      case '+' -> {
        next();
        yield unary();
      }
      case '-' -> {
        next();
        yield -unary();
      }
      case '~' -> {
        next();
        yield ~unary();
      }
      case '(' -> parenthesis();
      case '\'' -> character();
      case '$' -> throw new WrongArgument("unknown register\n");
      default -> number();
    };
  }

  private long parenthesis() throws WrongArgument {
    next();
    long value = sum();
    if (line.peek(0) != ')') {
      throw new WrongArgument("')' expected\n");
    }
    next();
    return value;
  }

  private long character() throws WrongArgument {
    char value = line.peek(1);
    if (value == 0) {
      throw new WrongArgument("character constant expected\n");
    }
    if (line.peek(2) != '\'') {
      throw new WrongArgument("missing terminating ' character\n");
    }
    line.advance(2);
    next();
    return value;
  }

  private long number() throws WrongArgument {
    int radix = 10;
    if (line.peek(0) == '0') {
      boolean hex = isOne(line.peek(1), "xX") && Character.digit(line.peek(2), 16) >= 0;
      radix = hex ? 16 : 8;
      line.advance(hex ? 2 : 0);
    }
    StringBuilder digits = new StringBuilder();
    while (Character.digit(line.peek(0), radix) >= 0) {
      digits.append(line.peek(0));
      line.advance(1);
    }
    if (digits.isEmpty()) {
      throw new WrongArgument("invalid char '" + line.peek(0) + "' in expression\n");
    }
    BigInteger value = new BigInteger(digits.toString(), radix);
    if (value.bitLength() > Long.SIZE) {
      throw new WrongArgument("number too large\n");
    }
    line.skipBlanks();
    return value.longValue();
  }

  private char next() {
    char passed = line.peek(0);
    line.advance(1);
    line.skipBlanks();
    return passed;
  }

  private static boolean isOne(char c, String of) {
    return c != 0 && of.indexOf(c) >= 0;
  }
}
