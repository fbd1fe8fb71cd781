// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.nio.ByteBuffer;

/** The usual text of an IPv6 address, with its longest run of zeroes left out. Stateless. */
final class Ipv6Text {
  private static final int GROUPS = 8;

  private Ipv6Text() {}

  static String of(byte[] address) {
    int best = -1;
    int bestLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int length = zeroes(address, i);
      if (length > bestLength) {
        best = i;
        bestLength = length;
      }
    }
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < GROUPS) {
      if (i == best) {
        text.append("::");
        i += bestLength;
      } else {
        boolean separated = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        text.append(separated ? "" : ":").append(Integer.toHexString(group(address, i)));
        i++;
      }
    }
    return text.toString();
  }

  private static int zeroes(byte[] address, int from) {
    int length = 0;
    while (from + length < GROUPS && group(address, from + length) == 0) {
      length++;
    }
    return length;
  }

  private static int group(byte[] address, int index) {
    return ByteBuffer.wrap(address).getShort(index * 2) & 0xFFFF;
  }
}
