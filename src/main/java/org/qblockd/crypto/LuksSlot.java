// SPDX-License-Identifier: Apache-2.0
package org.qblockd.crypto;

import org.qblockd.crypto.LuksHeader.Secret;

/**
 * A key slot of a LUKS header. Immutable; any thread.
 *
 * @param iterations how often the password's digest is repeated
 * @param keySectors where the key lies, sectors of 512 bytes from the header's begin
 */
public record LuksSlot(boolean active, int iterations, Secret salt, long keySectors) {
  /** Key material begins behind the header's first 4 KiB, and at multiples of that. */
  static final int FIRST_SECTOR = 8;

  /** The sectors that a slot's key material takes. */
  static long sectors(int keyBytes) {
    long sectors = ((long) keyBytes * LuksHeader.STRIPES + 511) / 512;
    return (sectors + FIRST_SECTOR - 1) / FIRST_SECTOR * FIRST_SECTOR;
  }

  /** Where the key lies, bytes. */
  public long keyOffset() {
    return keySectors * SectorCipher.SECTOR_BYTES;
  }

  /** Stripes over which the key is spread. */
  public int stripes() {
    return LuksHeader.STRIPES;
  }

  /** A slot without a key at its place. */
  static LuksSlot empty(int index, int keyBytes) {
    Secret noSalt = new Secret(new byte[LuksHeader.SALT_BYTES]);
    return new LuksSlot(false, 0, noSalt, FIRST_SECTOR + index * sectors(keyBytes));
  }
}
