// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it;

import java.nio.ByteBuffer;
import java.util.Random;
import org.qblockd.base.BlockException;
import org.qblockd.driver.qcow2.ForwardingImage;
import org.qblockd.driver.qcow2.ImageFile;

/**
 * An image file that stops for ever at one change of the host's file: before it, or with a part of
 * a write done. One thread.
 */
final class CutImage extends ForwardingImage {
  private static final int SECTOR = 512;

  private final Runnable end;
  private final Random random;
  private long left;

  /**
   * An image to be cut.
   *
   * @param change the number of the change, from 1
   * @param end does not return
   */
  CutImage(ImageFile below, long change, Random random, Runnable end) {
    super(below);
    this.left = change;
    this.random = random;
    this.end = end;
  }

  private boolean isLast() {
    left--;
    return left == 0;
  }

  private void endBeforeLast() {
    if (isLast()) {
      end.run();
    }
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    if (isLast()) {
      int sectors = from.remaining() / SECTOR;
      super.write(offset, from.slice(from.position(), random.nextInt(sectors + 1) * SECTOR));
      end.run();
    }
    super.write(offset, from);
  }

  @Override
  public void writeZeroes(long offset, long bytes) throws BlockException {
    endBeforeLast();
    super.writeZeroes(offset, bytes);
  }

  @Override
  public void discard(long offset, long bytes) throws BlockException {
    endBeforeLast();
    super.discard(offset, bytes);
  }

  @Override
  public void flush() throws BlockException {
    endBeforeLast();
    super.flush();
  }

  @Override
  public void resize(long length, String preallocation) throws BlockException {
    endBeforeLast();
    super.resize(length, preallocation);
  }
}
