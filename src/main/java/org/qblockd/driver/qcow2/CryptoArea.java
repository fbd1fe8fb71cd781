// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;
import org.qblockd.crypto.LuksVolume;

/**
 * The clusters of an image that hold its LUKS header. Any thread.
 *
 * @param offset where they begin, bytes
 * @param length how long they are, bytes
 */
record CryptoArea(ImageFile file, long offset, long length) implements LuksVolume.Area {
  @Override
  public void read(long at, ByteBuffer into) throws BlockException {
    checkInside(at, into.remaining());
    file.read(offset + at, into);
  }

  @Override
  public void write(long at, ByteBuffer from) throws BlockException {
    checkInside(at, from.remaining());
    file.write(offset + at, from);
  }

  private void checkInside(long at, long bytes) throws BlockException {
    if (at + bytes > length) {
      throw BlockException.of(Errno.EINVAL, "Request for data outside of extension header");
    }
  }
}
