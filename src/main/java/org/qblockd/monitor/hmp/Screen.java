// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.hmp;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.qblockd.chardev.Connection;

/**
 * What the user has still to be shown. Never blocks: what the other side does not take now waits
 * here, up to a limit beyond which it is dropped (QEMU would keep it all). Any thread.
 */
final class Screen {
  /** Bytes that wait for a user who does not read. */
  static final int MAX_PENDING_BYTES = 64 << 20;

  private static final int FIRST_BYTES = 1 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Connection connection;
  private byte[] pending = new byte[FIRST_BYTES];
  private int from;
  private int to;
  private boolean blocked;
  private boolean closed;

  Screen(Connection connection) {
    this.connection = connection;
  }

  /** Adds text of single bytes. It leaves with the next flush. */
  void put(String ascii) {
    put(ascii, StandardCharsets.ISO_8859_1);
  }

  /** Adds text that may hold any characters. */
  void putText(String text) {
    put(text, StandardCharsets.UTF_8);
  }

  private void put(String text, Charset charset) {
    put(text.getBytes(charset));
  }

  /** Adds bytes. */
  void put(byte[] bytes) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (to - from + (long) bytes.length > MAX_PENDING_BYTES) {
        forgetAll();
        closed = true;
        connection.close();
        return;
      }
      makeRoom(bytes.length);
      System.arraycopy(bytes, 0, pending, to, bytes.length);
      to += bytes.length;
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom(int more) {
    if (to + more <= pending.length) {
      return;
    }
    int held = to - from;
    byte[] room = held + more <= pending.length / 2 ? pending : Arrays.copyOf(pending, 0);
    if (room.length == 0) {
      room = new byte[Math.max(held + more, 2 * pending.length)];
    }
    System.arraycopy(pending, from, room, 0, held);
    pending = room;
    from = 0;
    to = held;
  }

  /** Sends what the other side takes. */
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

  /** The other side reads again; returns whether everything could be sent. */
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
      return from == to;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything; what comes later is dropped, and the connection is not used any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      blocked = false;
      forgetAll();
    } finally {
      lock.unlock();
    }
  }

  private void send() {
    if (closed || from == to) {
      return;
    }
    int taken = connection.write(pending, from, to);
    from += taken;
    blocked = !closed && from < to;
    if (!blocked) {
      forgetAll();
    }
  }

  private void forgetAll() {
    from = 0;
    to = 0;
    if (pending.length > FIRST_BYTES) {
      pending = new byte[FIRST_BYTES];
    }
  }
}
