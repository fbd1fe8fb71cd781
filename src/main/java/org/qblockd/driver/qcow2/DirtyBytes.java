// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

/** Metadata on their way to the file: where, and a copy of what. Not changed once made. */
final class DirtyBytes {
  private final long offset;
  private final byte[] bytes;

  DirtyBytes(long offset, byte[] bytes) {
    this.offset = offset;
    this.bytes = bytes;
  }

  long offset() {
    return offset;
  }

  byte[] bytes() {
    return bytes;
  }
}
