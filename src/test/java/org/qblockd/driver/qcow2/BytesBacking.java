// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;

/** Bytes that show through; zeroes behind their end. Any thread. */
final class BytesBacking implements BackingSource {
  private final byte[] bytes;

  BytesBacking(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public boolean present() {
    return true;
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    int inside = (int) Math.max(0, Math.min(into.remaining(), bytes.length - offset));
    if (inside > 0) {
      into.put(bytes, (int) offset, inside);
    }
    into.put(new byte[into.remaining()]);
  }
}
