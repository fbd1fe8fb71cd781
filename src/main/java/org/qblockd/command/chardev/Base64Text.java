// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.chardev;

import java.util.Base64;
import org.qblockd.qapi.QmpException;

/** Base64 as QEMU takes it: what is left of an incomplete last group is dropped. Stateless. */
final class Base64Text {
  private static final int GROUP = 4;

  private Base64Text() {}

  static byte[] decode(String text) throws QmpException {
    for (int i = 0; i < text.length(); i++) {
      if (!isOfAlphabet(text.charAt(i))) {
        throw QmpException.generic("Base64 data contains invalid characters");
      }
    }
    String whole = text.substring(0, text.length() / GROUP * GROUP);
    try {
      return Base64.getDecoder().decode(whole);
    } catch (IllegalArgumentException e) {
      throw QmpException.generic("Base64 data '" + text + "' is not valid");
    }
  }

  private static boolean isOfAlphabet(char c) {
    return c >= 'A' && c <= 'Z'
        || c >= 'a' && c <= 'z'
        || c >= '0' && c <= '9'
        || c == '+'
        || c == '/'
        || c == '=';
  }
}
