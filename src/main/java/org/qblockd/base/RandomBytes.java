// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.security.SecureRandom;
import java.util.UUID;

/** Random bytes for keys and salts. Any thread. */
public final class RandomBytes {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomBytes() {}

  /** New random bytes, fit for keys. */
  public static byte[] of(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** A new random identifier in its textual form. */
  public static String uuid() {
    return UUID.randomUUID().toString();
  }
}
