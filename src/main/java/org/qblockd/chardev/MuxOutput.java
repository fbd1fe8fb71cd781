// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;

/**
 * What all front ends of a multiplexer say, on the one connection below, with the time before each
 * line if that is asked for. Any thread.
 */
final class MuxOutput implements Connection {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Connection below;
  private boolean timestamps;
  private boolean timeKnown;
  private boolean lineStart;
  private long startNanos;

  MuxOutput(Clock clock) {
    this.clock = clock;
  }

  void connect(Connection connection) {
    lock.lock();
    try {
      below = connection;
    } finally {
      lock.unlock();
    }
  }

  void disconnect() {
    lock.lock();
    try {
      below = null;
    } finally {
      lock.unlock();
    }
  }

  /** The times begin at zero with the first line. */
  void toggleTimestamps() {
    lock.lock();
    try {
      timestamps = !timestamps;
      timeKnown = false;
      lineStart = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int write(byte[] bytes, int from, int to) {
    lock.lock();
    try {
      Connection connection = below;
      if (connection == null) {
        return to - from;
      }
      return timestamps
          ? writeLines(connection, bytes, from, to)
          : connection.write(bytes, from, to);
    } finally {
      lock.unlock();
    }
  }

  private int writeLines(Connection connection, byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (lineStart && !stamp(connection)) {
        return at - from;
      }
      int end = at;
      while (end < to && bytes[end] != '\n') {
        end++;
      }
      end = Math.min(end + 1, to);
      int written = connection.write(bytes, at, end);
      lineStart = written == end - at && bytes[end - 1] == '\n';
      at += written;
      if (at < end) {
        return at - from;
      }
    }
    return at - from;
  }

  /** Writes the time; false when it cannot be written now. */
  private boolean stamp(Connection connection) {
    long now = clock.monotonicNanos();
    if (!timeKnown) {
      timeKnown = true;
      startNanos = now;
    }
    long millis = (now - startNanos) / NANOS_PER_MILLI;
    long seconds = millis / 1000;
    byte[] text =
        String.format(
                Locale.ROOT,
                "[%02d:%02d:%02d.%03d] ",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                millis % 1000)
            .getBytes(US_ASCII);
    lineStart = connection.write(text, 0, text.length) == 0;
    return !lineStart;
  }

  @Override
  public void resume() {
    Connection connection = connection();
    if (connection != null) {
      connection.resume();
    }
  }

  /** One front end must not drop what others use too. */
  @Override
  public void close() {}

  @Override
  public void closeDescriptor(int descriptor) {
    Connection connection = connection();
    if (connection != null) {
      connection.closeDescriptor(descriptor);
    }
  }

  /** While a command runs, keys of the multiplexer must be read. */
  @Override
  public boolean mayRunCommands() {
    return false;
  }

  private @Nullable Connection connection() {
    lock.lock();
    try {
      return below;
    } finally {
      lock.unlock();
    }
  }
}
