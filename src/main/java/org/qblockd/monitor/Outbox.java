// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.Connection;
import org.qblockd.qapi.json.JsonValue;
import org.qblockd.qapi.json.JsonWriter;

/**
 * What a client has still to read. Never blocks: what the client does not take now waits here, up
 * to a limit beyond which the client is dropped (QEMU would keep it all). Any thread.
 */
final class Outbox {
  /** Bytes that wait for a client that does not read. */
  static final int MAX_PENDING_BYTES = 64 << 20;

  /** How long the server's end is put off by a client that takes nothing. */
  private static final long PATIENCE_NANOS = 200_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Connection connection;
  private final JsonWriter writer;
  private final Recording.@Nullable Tap tap;

  /** How much of the writer's bytes the client has taken. */
  private int sent;

  private boolean blocked;
  private boolean closed;

  /** Somebody waits for the client; told whenever it takes something. */
  private @Nullable Condition taken;

  Outbox(Connection connection, boolean pretty) {
    this(connection, pretty, null);
  }

  /** An outbox; what is added to it is told to {@code tap}. */
  Outbox(Connection connection, boolean pretty, Recording.@Nullable Tap tap) {
    this.connection = connection;
    this.tap = tap;
    this.writer = JsonWriter.forMonitor(pretty);
  }

  /** Adds a message. It leaves with the next flush. */
  void append(JsonValue message) {
    lock.lock();
    try {
      if (!closed) {
        if (tap != null) {
          tap.sent(message);
        }
        writer.write(message);
        writer.endLine();
        limit();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends what the client takes. */
  void flush() {
    lock.lock();
    try {
      if (!blocked) {
        send();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The client reads again; returns whether everything could be sent. */
  boolean writable() {
    lock.lock();
    try {
      blocked = false;
      send();
      return !blocked;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return writer.length() == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything; later messages are dropped, and the connection is not used any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      blocked = false;
      forgetAll();
      tellWaiting();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the client has taken everything or is gone. A client that takes nothing for a while
   * is given up.
   */
  void drain() {
    lock.lock();
    try {
      Condition progress = lock.newCondition();
      taken = progress;
      long left = PATIENCE_NANOS;
      while (!closed && writer.length() > 0 && left > 0) {
        int before = sent;
        int lengthBefore = writer.length();
        left = progress.awaitNanos(left);
        boolean moved = sent != before || writer.length() != lengthBefore;
        left = moved ? PATIENCE_NANOS : left;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void tellWaiting() {
    if (taken != null) {
      taken.signalAll();
    }
  }

  private void send() {
    int end = writer.length();
    if (closed || sent == end) {
      return;
    }
    int count = connection.write(writer.bytes(), sent, end);
    blocked = !closed && count < end - sent;
    sent += count;
    forgetSent();
    tellWaiting();
  }

  /**
   * Moves what is left to the front, but not so often that a long backlog is copied for each part.
   */
  private void forgetSent() {
    if (closed || sent == writer.length()) {
      forgetAll();
    } else if (sent > writer.length() / 2) {
      writer.drop(sent);
      sent = 0;
    }
  }

  private void forgetAll() {
    writer.clear();
    sent = 0;
  }

  private void limit() {
    if (writer.length() - sent > MAX_PENDING_BYTES) {
      closed = true;
      forgetAll();
      connection.close();
    }
  }
}
