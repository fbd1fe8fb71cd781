// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.hmp;

import java.util.ArrayList;
import java.util.List;

/**
 * A parameter of a human monitor's command. Immutable; any thread.
 *
 * @param name its name; a flag's is its letter
 * @param need when it is there
 */
record Parameter(String name, Kind kind, Need need) {

  /** What a parameter looks like. */
  enum Kind {
    /** A switch such as -d. */
    FLAG,
    /** A switch such as -d with a value after it. */
    FLAG_VALUE,
    /** The name of a drive or node. */
    DEVICE,
    /** The name of a host file. */
    FILE,
    /** Any string, in quotes if it has blanks. */
    STRING,
    /** The whole rest of the line. */
    REST,
    /** Options, {@code key=value,…}; may be missing. */
    OPTIONS,
    /** How numbers are shown: {@code /20xw}. */
    FORMAT,
    /** An expression whose value has 32 bits. */
    INTEGER,
    /** An expression. */
    LONG,
    /** An expression that counts mebibytes. */
    MEBIBYTES,
    /** A size with a unit, mebibytes without. */
    SIZE,
    /** {@code on} or {@code off}. */
    ON_OFF
  }

  /** Whether a parameter must be given. */
  enum Need {
    MUST,
    /** It may be missing at the end of the line. */
    MAY,
    /** It is there when a dot leads it in. */
    AFTER_DOT
  }

  /**
   * Parameters from a short notation: {@code -f} a flag, {@code -f:s} one with a value, otherwise
   * {@code name:K} with K one of B (device), F (file), s, S (rest), O (options), / (format), i, l,
   * M, o (size), b (on or off); {@code name?:K} may be missing, {@code name.:K} follows a dot.
   */
  static List<Parameter> list(String notation) {
    List<Parameter> parameters = new ArrayList<>();
    for (String word : notation.isEmpty() ? new String[0] : notation.split(" ", -1)) {
      parameters.add(of(word));
    }
    return parameters;
  }

  private static Parameter of(String word) {
    if (word.startsWith("-")) {
      Kind kind = word.endsWith(":s") ? Kind.FLAG_VALUE : Kind.FLAG;
      return new Parameter(word.substring(1, 2), kind, Need.MAY);
    }
    int colon = word.indexOf(':');
    char last = word.charAt(colon - 1);
    Need need = last == '?' ? Need.MAY : last == '.' ? Need.AFTER_DOT : Need.MUST;
    String name = word.substring(0, need == Need.MUST ? colon : colon - 1);
    return new Parameter(name, kind(word.charAt(colon + 1)), need);
  }

  private static Kind kind(char letter) {
    return switch (letter) {
      case 'B' -> Kind.DEVICE;
      case 'F' -> Kind.FILE;
      case 's' -> Kind.STRING;
      case 'S' -> Kind.REST;
      case 'O' -> Kind.OPTIONS;
      case '/' -> Kind.FORMAT;
      case 'i' -> Kind.INTEGER;
      case 'l' -> Kind.LONG;
      case 'M' -> Kind.MEBIBYTES;
      case 'o' -> Kind.SIZE;
      case 'b' -> Kind.ON_OFF;
      default -> throw new IllegalArgumentException("kind " + letter);
    };
  }

  boolean isFlag() {
    return kind == Kind.FLAG || kind == Kind.FLAG_VALUE;
  }
}
