// SPDX-License-Identifier: Apache-2.0
package org.qblockd.storage;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Errno;
import org.qblockd.base.Pages;

/**
 * A pipe that holds pages of a file on their way to a socket: splice(2) moves references, so the
 * bytes are never copied by us. At most {@link #MOST} of them exist, and are used again. One thread
 * at a time; {@link #take} from any thread.
 */
final class PagePipe implements Pages {
  /** Pipes at a time; who gets none copies. */
  static final int MOST = 16;

  private static final int F_SETPIPE_SZ = 1031;
  private static final int CAPACITY = 1 << 20;

  private static final ConcurrentLinkedQueue<PagePipe> IDLE = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger EXISTING = new AtomicInteger();

  private final int readEnd;
  private final int writeEnd;
  private int held;

  private PagePipe(int readEnd, int writeEnd) {
    this.readEnd = readEnd;
    this.writeEnd = writeEnd;
  }

  /**
   * A pipe with up to {@code bytes} of a file, as many as it can hold; null when there is no pipe
   * or nothing could be read.
   */
  static @Nullable PagePipe take(int file, long offset, int bytes) {
    PagePipe idle = IDLE.poll();
    PagePipe pipe = idle == null ? make() : idle;
    if (pipe == null) {
      return null;
    }
    pipe.fill(file, offset, bytes);
    if (pipe.held > 0) {
      return pipe;
    }
    pipe.close();
    return null;
  }

  private static @Nullable PagePipe make() {
    if (EXISTING.incrementAndGet() > MOST) {
      EXISTING.decrementAndGet();
      return null;
    }
    long ends = Native.pipe();
    if (ends >= 0) {
      PagePipe pipe = new PagePipe((int) ends, (int) (ends >>> 32));
      if (Native.fcntl(pipe.writeEnd, F_SETPIPE_SZ, CAPACITY) >= CAPACITY) {
        return pipe;
      }
      pipe.end();
    } else {
      EXISTING.decrementAndGet();
    }
    return null;
  }

  private void fill(int file, long offset, int bytes) {
    long read = 1;
    while (held < bytes && read > 0) {
      read = Native.spliceFrom(file, offset + held, writeEnd, (long) bytes - held);
      held += (int) Math.max(read, 0);
    }
  }

  @Override
  public int bytes() {
    return held;
  }

  @Override
  public void sendTo(int descriptor) throws IOException {
    while (held > 0) {
      long sent = Native.spliceTo(readEnd, descriptor, held);
      if (sent == -Errno.EAGAIN.number()) {
        sent = Math.min(Native.awaitWritable(descriptor), 0);
      } else if (sent == 0) {
        sent = -Errno.EPIPE.number();
      }
      if (sent < 0) {
        throw new IOException("splice: error " + -sent);
      }
      held -= (int) sent;
    }
  }

  /** An empty pipe is kept for the next; one with something left is not emptied but given up. */
  @Override
  public void close() {
    if (held == 0) {
      IDLE.add(this);
    } else {
      end();
    }
  }

  private void end() {
    int unused = Native.close(readEnd);
    unused = Native.close(writeEnd);
    EXISTING.decrementAndGet();
  }
}
