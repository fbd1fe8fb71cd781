// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.vpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.block.Child;

/**
 * What the footer of an image says, a copy of which begins a dynamic one. Sizes in bytes. Source:
 * the Virtual Hard Disk Image Format Specification.
 *
 * @param length of the disk
 * @param fixed whether the file is the disk with the footer behind it
 * @param headerOffset where a dynamic image's header lies
 */
record VpcFooter(long length, boolean fixed, long headerOffset) {
  static final int BYTES = 512;
  private static final byte[] COOKIE = "conectix".getBytes(StandardCharsets.US_ASCII);
  private static final int FIXED = 2;
  private static final int CHECKSUM_AT = 64;
  private static final long MAX_GEOMETRY = 65535L * 16 * 255;

  /** Programs whose images are as long as they say, not as their geometry says. */
  private static final Set<String> EXACT =
      Set.of("win ", "qem2", "d2v ", "tap\0", "CTXS", "wa\0\0");

  static boolean hasCookie(ByteBuffer head) {
    return begins(head, COOKIE);
  }

  static boolean begins(ByteBuffer bytes, byte[] cookie) {
    return bytes.remaining() >= cookie.length
        && bytes.slice(bytes.position(), cookie.length).equals(ByteBuffer.wrap(cookie));
  }

  static VpcFooter read(Child file) throws BlockException {
    ByteBuffer footer = at(file, 0);
    boolean fixed = !hasCookie(footer);
    if (fixed) {
      long end = file.length();
      if (end < BYTES) {
        throw BlockException.invalid("File too small for a VHD header");
      }
      footer = at(file, end - BYTES);
      if (!hasCookie(footer) || footer.getInt(60) != FIXED) {
        throw BlockException.invalid("invalid VPC image");
      }
    }
    if (checksum(footer, CHECKSUM_AT) != footer.getInt(CHECKSUM_AT)) {
      throw BlockException.invalid("Incorrect header checksum");
    }
    return new VpcFooter(length(footer), fixed, footer.getLong(16));
  }

  private static ByteBuffer at(Child file, long offset) throws BlockException {
    ByteBuffer footer = ByteBuffer.allocate(BYTES);
    file.read(offset, footer, 0);
    return footer.flip();
  }

  /** The complement of the sum of all bytes but the checksum's own. */
  static int checksum(ByteBuffer bytes, int checksumAt) {
    int sum = 0;
    for (int i = 0; i < bytes.limit(); i++) {
      sum += i >= checksumAt && i < checksumAt + Integer.BYTES ? 0 : bytes.get(i) & 0xff;
    }
    return ~sum;
  }

  private static long length(ByteBuffer footer) throws BlockException {
    byte[] creator = new byte[4];
    footer.get(28, creator);
    long sectors =
        (footer.getShort(56) & 0xffffL) * (footer.get(58) & 0xff) * (footer.get(59) & 0xff);
    boolean exact = EXACT.contains(new String(creator, StandardCharsets.ISO_8859_1));
    long length = exact || sectors == MAX_GEOMETRY ? footer.getLong(48) : sectors * BYTES;
    if (length < 0) {
      throw BlockException.io(Errno.EFBIG);
    }
    return length / BYTES * BYTES;
  }
}
