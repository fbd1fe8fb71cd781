// SPDX-License-Identifier: Apache-2.0
package org.qblockd.command.chardev;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a reply can show of bytes. Stateless; any thread. */
final class RingText {
  private RingText() {}

  /** The text up to the first zero. */
  static String of(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, UTF_8);
  }
}
