// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor.transport;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Errno;
import org.qblockd.monitor.Connection;
import org.qblockd.monitor.Monitor;
import org.qblockd.monitor.Session;

/**
 * A client on file descriptors: a connected socket, or one descriptor to read and one to write.
 *
 * <p>{@link #serve} keeps a platform thread for as long as the client stays. Writing happens on
 * whichever thread has something to say and never waits; when the client does not read, a second
 * thread waits for it.
 */
final class DescriptorStream implements Connection {
  private static final int OUTPUT_BYTES = 64 * 1024;

  /** A pipe that poll(2) calls writable takes this much without blocking. */
  private static final int PIPE_BUF = 4096;

  private final Monitor monitor;
  private final int input;
  private final int output;
  private final boolean socket;
  private final MessageBuffer received = new MessageBuffer();
  private final Semaphore room = new Semaphore(0);
  private final Semaphore finished = new Semaphore(0);
  private final SocketCalls readerCalls = new SocketCalls();

  // Used under the session's output lock.
  private final SocketCalls writerCalls = new SocketCalls();
  private final MemorySegment outgoing = Arena.ofAuto().allocate(OUTPUT_BYTES);
  private @Nullable Thread drainer;

  private final ReentrantLock life = new ReentrantLock();
  private boolean ended;

  private final CompletableFuture<Session> session = new CompletableFuture<>();

  private DescriptorStream(Monitor monitor, int input, int output, boolean socket) {
    this.monitor = monitor;
    this.input = input;
    this.output = output;
    this.socket = socket;
  }

  /** A client on a connected socket, which is closed in the end. */
  static DescriptorStream ofSocket(Monitor monitor, int fd) {
    return new DescriptorStream(monitor, fd, fd, true);
  }

  /** A client on pipes or a terminal, which stay open. */
  static DescriptorStream ofPair(Monitor monitor, int input, int output) {
    return new DescriptorStream(monitor, input, output, false);
  }

  /** Serves the client until it leaves. Once. */
  void serve() {
    Session begun = monitor.connect(this);
    session.complete(begun);
    long last = readAll(begun);
    if (last == 0) {
      begun.endOfInput();
      awaitEnd();
    }
    if (socket) {
      begun.detach();
      joinDrainer();
      endLife();
    }
  }

  private long readAll(Session begun) {
    while (true) {
      long count =
          socket
              ? readerCalls.receiveMessage(input, received.prepareHeader())
              : readerCalls.read(input, received.nativeBytes());
      if (count == -Errno.EAGAIN.number()) {
        readerCalls.poll(input, SocketCalls.POLLIN, -1);
      } else if (count <= 0) {
        return count;
      } else {
        pass(begun, (int) count);
      }
    }
  }

  private void pass(Session begun, int count) {
    if (socket) {
      List<Integer> descriptors = received.descriptors();
      if (!descriptors.isEmpty()) {
        begun.offerDescriptors(descriptors);
      }
    }
    byte[] bytes = received.toHeap(count);
    int at = begun.receive(bytes, 0, count);
    while (at < count) {
      room.acquireUninterruptibly();
      at = begun.receive(bytes, at, count);
    }
  }

  /**
   * The client sends no more: waits until it has also hung up, or everything is answered and the
   * session has closed the connection.
   */
  private void awaitEnd() {
    if (socket) {
      readerCalls.poll(input, 0, -1);
    } else {
      finished.acquireUninterruptibly();
    }
  }

  private void joinDrainer() {
    Thread waiting = drainer;
    if (waiting != null) {
      close();
      boolean over = join(waiting);
      while (!over) {
        over = join(waiting);
      }
    }
  }

  /**
   * Nobody interrupts a monitor's thread on purpose; then wait again, or a descriptor is reused.
   */
  private static boolean join(Thread thread) {
    try {
      thread.join();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void endLife() {
    life.lock();
    try {
      ended = true;
      readerCalls.close(input);
    } finally {
      life.unlock();
    }
  }

  @Override
  public int write(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int length = Math.min(to - at, socket ? OUTPUT_BYTES : PIPE_BUF);
      MemorySegment.copy(bytes, at, outgoing, JAVA_BYTE, 0, length);
      long sent = writeOnce(length);
      if (sent == -Errno.EAGAIN.number()) {
        startDrainer();
        return at - from;
      }
      if (sent < 0) {
        return to - from;
      }
      at += (int) sent;
    }
    return at - from;
  }

  private long writeOnce(int length) {
    if (socket) {
      return writerCalls.sendNow(output, outgoing, length);
    }
    int ready = writerCalls.poll(output, SocketCalls.POLLOUT, 0);
    return ready > 0 ? writerCalls.write(output, outgoing, length) : -Errno.EAGAIN.number();
  }

  private void startDrainer() {
    if (!Thread.currentThread().equals(drainer)) {
      drainer = Thread.ofPlatform().name("monitor-output").daemon(true).start(this::drain);
    }
  }

  private void drain() {
    SocketCalls calls = new SocketCalls();
    boolean all = false;
    while (!all) {
      calls.poll(output, SocketCalls.POLLOUT, -1);
      all = session.join().writable();
    }
  }

  @Override
  public void resume() {
    room.release();
  }

  @Override
  public void close() {
    finished.release();
    life.lock();
    try {
      if (socket && !ended) {
        new SocketCalls().shutdown(input);
      }
    } finally {
      life.unlock();
    }
  }

  @Override
  public void closeDescriptor(int descriptor) {
    new SocketCalls().close(descriptor);
  }

  @Override
  public boolean mayRunCommands() {
    return true;
  }
}
