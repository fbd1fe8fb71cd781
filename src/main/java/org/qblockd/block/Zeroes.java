// SPDX-License-Identifier: Apache-2.0
package org.qblockd.block;

import java.nio.ByteBuffer;

/** Filling with and looking for zeroes. Any thread. */
public final class Zeroes {
  private static final int BLOCK = 64 << 10;
  private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();

  private Zeroes() {}

  /** Sets everything from position to limit to zero; on return the position is the limit. */
  public static void fill(ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      buffer.put(ZEROES.slice(0, Math.min(BLOCK, buffer.remaining())));
    }
  }

  /** Whether everything from position to limit is zero. The buffer is left as it is. */
  public static boolean only(ByteBuffer buffer) {
    int end = buffer.limit();
    for (int at = buffer.position(); at < end; at += BLOCK) {
      int length = Math.min(BLOCK, end - at);
      if (buffer.slice(at, length).mismatch(ZEROES.slice(0, length)) >= 0) {
        return false;
      }
    }
    return true;
  }
}
