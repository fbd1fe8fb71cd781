// SPDX-License-Identifier: Apache-2.0
package org.qblockd.it.conversation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One QMP connection: bytes out, lines in. A thread of its own feeds the lines; the thread that
 * plays takes them.
 */
final class MonitorLink {
  private final OutputStream out;
  private final AutoCloseable connection;
  private final LinkedBlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  MonitorLink(OutputStream out, AutoCloseable connection) {
    this.out = out;
    this.connection = connection;
  }

  /** Reads until the end, on the caller's thread. */
  void pump(BufferedReader reader) {
    try {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      // The server went with a byte of ours unread (QEMU reads them one by one): also an end.
    }
    end();
  }

  void add(String line) {
    lines.add(Optional.of(line));
  }

  void end() {
    lines.add(Optional.empty());
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /**
   * The next line; empty at the end of the connection, and from then on.
   *
   * @throws ConversationFailure when nothing comes until the deadline ({@link System#nanoTime})
   */
  Optional<String> next(long deadlineNanos) throws InterruptedException {
    Optional<String> line =
        lines.poll(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    if (line == null) {
      throw new ConversationFailure("nothing came before the watchdog's time was over");
    }
    if (line.isEmpty()) {
      end();
    }
    return line;
  }

  void close() {
    try {
      connection.close();
    } catch (Exception e) {
      throw new ConversationFailure("closing a monitor: " + e);
    }
  }
}
