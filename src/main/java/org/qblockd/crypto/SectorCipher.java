// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import java.nio.ByteBuffer;

/** Encrypts and decrypts whole sectors of 512 bytes, each by itself. Any thread. */
public interface SectorCipher {
  /** The sectors that image formats encrypt, in bytes. */
  int SECTOR_BYTES = 512;

  /**
   * Encrypts what remains in {@code data} in place; the buffer's position and limit stay.
   *
   * @param offset where the data begin, bytes, a multiple of 512; gives the initialization vectors
   */
  void encrypt(long offset, ByteBuffer data);

  /** The inverse of {@link #encrypt}. */
  void decrypt(long offset, ByteBuffer data);
}
