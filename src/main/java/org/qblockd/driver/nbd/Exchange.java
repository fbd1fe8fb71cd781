// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.qblockd.nbd.Request;

/** A request and what came back. The requester waits; the connection's reader fills it in. */
final class Exchange {
  private final CountDownLatch done = new CountDownLatch(1);
  private final Request request;
  private final @Nullable ByteBuffer into;
  private int error;
  private boolean lost;
  private long extentLength;
  private long extentFlags;

  /**
   * A request about to be sent.
   *
   * @param into where the data of a read goes, from its position to its limit; null for others
   */
  Exchange(Request request, @Nullable ByteBuffer into) {
    this.request = request;
    this.into = into;
  }

  Request request() {
    return request;
  }

  /** The part of the read's memory for {@code bytes} at {@code offset}; null if there is none. */
  @Nullable ByteBuffer part(long offset, long bytes) {
    long from = offset - request.offset();
    if (into == null || from < 0 || bytes < 0 || bytes > into.remaining() - from) {
      return null;
    }
    return into.slice(into.position() + (int) from, (int) bytes);
  }

  /** Notes an error; the first one counts. */
  void fail(int newError) {
    if (error == 0) {
      error = newError;
    }
  }

  /** Notes the status of the first bytes. */
  void extent(long length, long flags) {
    if (extentLength == 0) {
      extentLength = length;
      extentFlags = flags;
    }
  }

  void complete() {
    done.countDown();
  }

  /** The connection ended before the answer did. */
  void lose() {
    lost = true;
    done.countDown();
  }

  /** Waits for the end; true when the answer has come. */
  boolean await() throws InterruptedException {
    done.await();
    return !lost;
  }

  /** The error on the wire, 0 for success. */
  int error() {
    return error;
  }

  long extentLength() {
    return extentLength;
  }

  long extentFlags() {
    return extentFlags;
  }
}
