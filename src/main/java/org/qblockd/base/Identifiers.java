// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

/** The form of identifiers that users give: a letter, then letters, digits, '-', '.', '_'. */
public final class Identifiers {
  private Identifiers() {}

  /** Whether {@code id} may be used as a name of a node, a job, an object. */
  public static boolean wellFormed(String id) {
    if (id.isEmpty() || !isLetter(id.charAt(0))) {
      return false;
    }
    for (int i = 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
