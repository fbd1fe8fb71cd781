// SPDX-License-Identifier: Apache-2.0
package org.qblockd.base;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Texts that nobody can guess. Any thread. */
public final class Secrets {
  private static final int BYTES = 32;

  private Secrets() {}

  /** 64 hexadecimal digits. */
  public static String next() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
