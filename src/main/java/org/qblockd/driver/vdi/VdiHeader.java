// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.vdi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Child;

/**
 * What the header of an image says. Sizes in bytes.
 *
 * @param length of the disk
 * @param mapOffset where the table of blocks begins
 * @param dataOffset where block 0 of the file begins
 * @param blocks how many entries the table has
 * @param fixed whether all blocks were allocated from the start
 */
record VdiHeader(long length, long mapOffset, long dataOffset, int blocks, boolean fixed) {
  static final int BLOCK = 1 << 20;
  private static final int SECTOR = 512;
  private static final int SIGNATURE = 0xbeda107f;
  private static final int SIGNATURE_AT = 64;
  private static final int VERSION = 0x00010001;
  private static final int TYPE_FIXED = 2;
  private static final long MAX_BLOCKS = 0x1fffff80L;

  static boolean hasSignature(ByteBuffer head) {
    return head.remaining() >= SECTOR
        && head.order(ByteOrder.LITTLE_ENDIAN).getInt(head.position() + SIGNATURE_AT) == SIGNATURE;
  }

  static VdiHeader read(Child file) throws BlockException {
    ByteBuffer head = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    file.read(0, head, 0);
    long said = head.getLong(368);
    if (Long.compareUnsigned(said, MAX_BLOCKS * BLOCK) > 0) {
      throw BlockException.of(
          Errno.ENOTSUP,
          "Unsupported VDI image size (size is 0x%x, max supported is 0x%x)"
              .formatted(said, MAX_BLOCKS * BLOCK));
    }
    long length = (said + SECTOR - 1) / SECTOR * SECTOR;
    checkForm(head);
    long blocks = Integer.toUnsignedLong(head.getInt(384));
    if (length > blocks * BLOCK) {
      throw unsupported(
          "disk size %d, image bitmap has room for %d".formatted(length, blocks * BLOCK));
    }
    checkUuid(head, 424, "link");
    checkUuid(head, 440, "parent");
    if (blocks > MAX_BLOCKS) {
      throw unsupported("too many blocks %d, max is %d".formatted(blocks, MAX_BLOCKS));
    }
    return new VdiHeader(
        length,
        Integer.toUnsignedLong(head.getInt(340)),
        Integer.toUnsignedLong(head.getInt(344)),
        (int) blocks,
        head.getInt(76) == TYPE_FIXED);
  }

  private static void checkForm(ByteBuffer head) throws BlockException {
    if (head.getInt(SIGNATURE_AT) != SIGNATURE) {
      throw BlockException.invalid(
          "Image not in VDI format (bad signature %08x)".formatted(head.getInt(SIGNATURE_AT)));
    }
    int version = head.getInt(68);
    if (version != VERSION) {
      throw unsupported("version %d.%d".formatted(version >>> 16, version & 0xffff));
    }
    if (head.getInt(340) % SECTOR != 0) {
      throw unsupported("unaligned block map offset 0x%x".formatted(head.getInt(340)));
    }
    if (head.getInt(344) % SECTOR != 0) {
      throw unsupported("unaligned data offset 0x%x".formatted(head.getInt(344)));
    }
    if (head.getInt(360) != SECTOR) {
      throw unsupported(
          "sector size %s is not %d".formatted(Integer.toUnsignedString(head.getInt(360)), SECTOR));
    }
    if (head.getInt(376) != BLOCK) {
      throw unsupported(
          "block size %s is not %d".formatted(Integer.toUnsignedString(head.getInt(376)), BLOCK));
    }
  }

  private static void checkUuid(ByteBuffer head, int at, String what) throws BlockException {
    if (head.getLong(at) != 0 || head.getLong(at + 8) != 0) {
      throw unsupported("non-NULL " + what + " UUID");
    }
  }

  private static BlockException unsupported(String why) {
    return BlockException.of(Errno.ENOTSUP, "unsupported VDI image (" + why + ")");
  }

  /** For each block of the disk the number of its block in the file, or a mark that it has none. */
  int[] readMap(Child file) throws BlockException {
    int used = (int) ((length + BLOCK - 1) / BLOCK);
    ByteBuffer bytes = ByteBuffer.allocate(used * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(mapOffset, bytes, 0);
    int[] map = new int[used];
    bytes.flip().asIntBuffer().get(map);
    return map;
  }
}
