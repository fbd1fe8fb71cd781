// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.qblockd.base.BlockException;

/** An image file that keeps one read, or one flush, until a test lets it go on. Any thread. */
final class HaltingImage implements ImageFile {
  private final MemoryImage bytes;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile long readAt = -1;
  private volatile boolean atFlush;

  HaltingImage(MemoryImage bytes) {
    this.bytes = bytes;
  }

  /** The next read at this offset halts, before it reads. */
  void haltRead(long offset) {
    readAt = offset;
  }

  /** The next flush halts. */
  void haltFlush() {
    atFlush = true;
  }

  void awaitHalted() throws InterruptedException {
    arrived.await();
  }

  void release() {
    released.countDown();
  }

  private void halt() {
    arrived.countDown();
    try {
      released.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public long length() {
    return bytes.length();
  }

  @Override
  public long allocatedBytes() {
    return bytes.allocatedBytes();
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    if (offset == readAt) {
      readAt = -1;
      halt();
    }
    bytes.read(offset, into);
  }

  @Override
  public void write(long offset, ByteBuffer from) throws BlockException {
    bytes.write(offset, from);
  }

  @Override
  public void writeZeroes(long offset, long count) throws BlockException {
    bytes.writeZeroes(offset, count);
  }

  @Override
  public void discard(long offset, long count) throws BlockException {
    bytes.discard(offset, count);
  }

  @Override
  public void flush() throws BlockException {
    if (atFlush) {
      atFlush = false;
      halt();
    }
    bytes.flush();
  }

  @Override
  public void resize(long newLength, String preallocation) throws BlockException {
    bytes.resize(newLength, preallocation);
  }
}
