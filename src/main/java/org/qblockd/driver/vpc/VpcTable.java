// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.vpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.qblockd.base.BlockException;
import org.qblockd.block.Align;
import org.qblockd.block.Child;

/** Where the blocks of a dynamic image lie. Immutable; any thread. */
final class VpcTable {
  /** The table of a fixed image. */
  static final VpcTable NONE = new VpcTable(0, new int[0]);

  private static final byte[] COOKIE = "cxsparse".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 1024;
  private static final int SECTOR = 512;
  private static final int ABSENT = -1;
  private static final long MAX_BLOCK = 1L << 30;

  private final int block;
  private final int bitmap;
  private final int[] sectors;

  private VpcTable(int block, int[] sectors) {
    this.block = block;
    this.bitmap = (int) Align.up(block / (8 * SECTOR), SECTOR);
    this.sectors = sectors;
  }

  static VpcTable read(Child file, VpcFooter footer) throws BlockException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    file.read(footer.headerOffset(), header, 0);
    header.flip();
    if (!VpcFooter.begins(header, COOKIE)) {
      throw BlockException.invalid("Invalid header magic");
    }
    long block = Integer.toUnsignedLong(header.getInt(32));
    if (Long.bitCount(block) != 1 || block < SECTOR || block > MAX_BLOCK) {
      throw BlockException.invalid("Invalid block size " + block);
    }
    long entries = Integer.toUnsignedLong(header.getInt(28));
    long used = (footer.length() + block - 1) / block;
    if (used > entries) {
      throw BlockException.invalid("Page Allocation Table too small");
    }
    if (entries > Integer.MAX_VALUE / Integer.BYTES) {
      throw BlockException.invalid("Too many blocks");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) used * Integer.BYTES);
    file.read(header.getLong(16), bytes, 0);
    int[] sectors = new int[(int) used];
    bytes.flip().asIntBuffer().get(sectors);
    return new VpcTable((int) block, sectors);
  }

  /** The size of a block in bytes, 0 in a fixed image. */
  int block() {
    return block;
  }

  /** Where the byte lies in the file, or -1 if its block is not stored. */
  long placeOf(long offset) {
    int sector = sectors[(int) (offset / block)];
    return sector == ABSENT
        ? -1
        : Integer.toUnsignedLong(sector) * SECTOR + bitmap + offset % block;
  }
}
