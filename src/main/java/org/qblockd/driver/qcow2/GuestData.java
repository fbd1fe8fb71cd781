// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.BufferPool;
import org.qblockd.base.PooledBuffer;
import org.qblockd.crypto.SectorCipher;

/**
 * The file in which guest data lie, the image itself or a data file, and the encryption of what
 * lies there. Any thread.
 *
 * @param file where the bytes lie
 * @param external whether that is a file of its own
 * @param raw whether that file alone must show what the guest sees
 * @param cipher what encrypts the data, or null
 * @param byGuestOffset whether the cipher counts sectors of the guest, not of the file
 */
record GuestData(
    ImageFile file,
    boolean external,
    boolean raw,
    @Nullable SectorCipher cipher,
    boolean byGuestOffset) {
  /** Encrypted bytes are written in pieces of this size, through a buffer. */
  private static final int PIECE_BYTES = 1 << 20;

  static GuestData inImage(ImageFile file) {
    return new GuestData(file, false, false, null, false);
  }

  boolean encrypted() {
    return cipher != null;
  }

  /** Fills {@code into} with the bytes of the guest at {@code guest}, which lie at {@code host}. */
  void read(long guest, long host, ByteBuffer into) throws BlockException {
    int start = into.position();
    file.read(host, into);
    if (cipher != null) {
      ByteBuffer data = into.duplicate().position(start);
      cipher.decrypt(byGuestOffset ? guest : host, data);
    }
  }

  /** Writes all that remains in {@code from}, whose bytes stay as they are. */
  void write(long guest, long host, ByteBuffer from) throws BlockException {
    if (cipher == null) {
      file.write(host, from);
      return;
    }
    int start = from.position();
    while (from.hasRemaining()) {
      int done = from.position() - start;
      int bytes = Math.min(PIECE_BYTES, from.remaining());
      try (PooledBuffer pooled = BufferPool.get(bytes)) {
        ByteBuffer piece = pooled.buffer().clear().limit(bytes);
        piece.put(from.slice(from.position(), bytes)).flip();
        cipher.encrypt((byGuestOffset ? guest : host) + done, piece.duplicate());
        file.write(host + done, piece);
      }
      from.position(from.position() + bytes);
    }
  }

  /** Makes the range read as zeroes for the guest. */
  void writeZeroes(long guest, long host, long bytes) throws BlockException {
    if (cipher == null) {
      file.writeZeroes(host, bytes);
      return;
    }
    for (long done = 0; done < bytes; done += PIECE_BYTES) {
      int piece = (int) Math.min(PIECE_BYTES, bytes - done);
      write(guest + done, host + done, ByteBuffer.allocate(piece));
    }
  }
}
