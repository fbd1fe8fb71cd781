// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

/**
 * How numbers are shown. Immutable; any thread.
 *
 * @param count how many
 * @param letter d, u, x, o, c or i
 * @param bytes the size of each; -1 for instructions
 */
record DumpFormat(int count, char letter, int bytes) {
  private static final int LONG = 8;

  /** What holds until the user chooses something else. */
  static final DumpFormat INITIAL = new DumpFormat(1, 'x', 4);

  /**
   * Reads {@code /20xw} at the cursor; what is not said is as last time.
   *
   * @throws WrongArgument for an unknown letter
   */
  static DumpFormat read(HmpLine line, DumpFormat last) throws WrongArgument {
    int count = 1;
    char letter = 0;
    int bytes = 0;
    if (line.peek(0) == '/') {
      line.advance(1);
      count = line.atEnd() || !isDigit(line.peek(0)) ? 1 : digits(line);
      while (!line.atEnd() && (isFormat(line.peek(0)) || sizeOf(line.peek(0)) > 0)) {
        letter = isFormat(line.peek(0)) ? line.peek(0) : letter;
        bytes = Math.max(sizeOf(line.peek(0)), 0) > 0 ? sizeOf(line.peek(0)) : bytes;
        line.advance(1);
      }
      if (!line.atEnd() && !line.atBlank()) {
        throw new WrongArgument("invalid char in format: '" + line.peek(0) + "'\n");
      }
    }
    char chosen = letter == 0 ? last.letter : letter;
    int size = chosen == 'i' ? -1 : bytes == 0 ? Math.abs(last.bytes) : bytes;
    return new DumpFormat(count, chosen, size);
  }

  private static int digits(HmpLine line) {
    int value = 0;
    while (isDigit(line.peek(0))) {
      value = value * 10 + line.peek(0) - '0';
      line.advance(1);
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isFormat(char c) {
    return c != 0 && "duxoci".indexOf(c) >= 0;
  }

  private static int sizeOf(char c) {
    return switch (c) {
      case 'b' -> 1;
      case 'h' -> 2;
      case 'w' -> 4;
      case 'g', 'L' -> LONG;
      default -> 0;
    };
  }
}
