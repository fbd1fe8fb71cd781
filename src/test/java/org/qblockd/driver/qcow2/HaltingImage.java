// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.qcow2;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.qblockd.base.BlockException;

/** An image file that keeps one read, or one flush, until a test lets it go on. Any thread. */
final class HaltingImage extends ForwardingImage {
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile long readAt = -1;
  private volatile boolean atFlush;

  HaltingImage(MemoryImage bytes) {
    super(bytes);
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
  public void read(long offset, ByteBuffer into) throws BlockException {
    if (offset == readAt) {
      readAt = -1;
      halt();
    }
    super.read(offset, into);
  }

  @Override
  public void flush() throws BlockException {
    if (atFlush) {
      atFlush = false;
      halt();
    }
    super.flush();
  }
}
