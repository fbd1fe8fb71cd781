// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Errno;

/**
 * A client on file descriptors: a connected socket, or one descriptor to read and one to write.
 *
 * <p>{@link #serve} keeps a platform thread for as long as the client stays. Writing happens on
 * whichever thread has something to say and never waits; when the client does not read, a second
 * thread waits for it.
 */
final class DescriptorStream implements Connection {
  static final int NONE = -1;

  private static final long CLOSED = -1;

  private static final int STANDARD_OUTPUT = 1;
  private static final int OUTPUT_BYTES = 64 * 1024;

  /** A pipe that poll(2) calls writable takes this much without blocking. */
  private static final int PIPE_BUF = 4096;

  private final FrontEnd frontEnd;
  private final int input;
  private final int output;
  private final boolean socket;
  private final @Nullable Wake wake;
  private final @Nullable EarlySocket early;
  private final Semaphore room = new Semaphore(0);
  private final Semaphore finished = new Semaphore(0);

  /** Of the reading thread; made when the first system call is due. */
  private @Nullable Reading reading;

  /** Under the session's output lock; made when the first system call is due. */
  private @Nullable Writing writing;

  private @Nullable Thread drainer;

  /** Set before it is shared: an empty datagram or one refused does not end the reading. */
  private boolean datagrams;

  private final ReentrantLock life = new ReentrantLock();
  private boolean ended;
  private volatile boolean closing;

  private final CompletableFuture<Receiver> session = new CompletableFuture<>();

  /** Native memory and calls of the thread that reads. */
  private static final class Reading {
    private final SocketCalls calls = new SocketCalls();
    private final MessageBuffer received = new MessageBuffer();
  }

  /** Native memory and calls of whoever writes. */
  private static final class Writing {
    private final SocketCalls calls = new SocketCalls();
    private final MemorySegment bytes = Arena.ofAuto().allocate(OUTPUT_BYTES);
  }

  private DescriptorStream(
      FrontEnd frontEnd,
      int input,
      int output,
      boolean socket,
      @Nullable Wake wake,
      @Nullable EarlySocket early) {
    this.frontEnd = frontEnd;
    this.input = input;
    this.output = output;
    this.socket = socket;
    this.wake = wake;
    this.early = early;
  }

  /** A client on a connected socket. The caller closes it when {@link #serve} has returned. */
  static DescriptorStream ofSocket(FrontEnd frontEnd, int fd) {
    return new DescriptorStream(frontEnd, fd, fd, true, null, null);
  }

  /** The same for a socket that was there before the program, and is to be served at once. */
  static DescriptorStream ofInherited(FrontEnd frontEnd, int fd) {
    return new DescriptorStream(frontEnd, fd, fd, true, null, EarlySocket.of(fd));
  }

  /** Datagrams on a connected socket. The caller closes it when {@link #serve} has returned. */
  static DescriptorStream ofDatagrams(FrontEnd frontEnd, int fd) {
    DescriptorStream stream = new DescriptorStream(frontEnd, fd, fd, true, null, null);
    stream.datagrams = true;
    return stream;
  }

  /**
   * Something on pipes, files or a terminal.
   *
   * @param input {@link #NONE} when nothing can be read
   * @param wake ends the reading, or null when it goes on as long as the process
   */
  static DescriptorStream ofPair(FrontEnd frontEnd, int input, int output, @Nullable Wake wake) {
    return new DescriptorStream(frontEnd, input, output, false, wake, null);
  }

  /** Lets the front end greet; {@link #serve} does it otherwise. Once. */
  void connect() {
    if (!session.isDone()) {
      session.complete(frontEnd.connect(this));
    }
  }

  /** Serves the other side until it leaves. Once. */
  void serve() {
    connect();
    Receiver begun = session.join();
    begun.begin();
    readEarly(begun);
    long last = input == NONE ? 0 : readAll(begun);
    if (last == 0) {
      begun.endOfInput();
      if (output == STANDARD_OUTPUT) {
        // Nobody closes it: replies and events still go there, as in QEMU.
        return;
      }
      awaitEnd();
    }
    begun.detach();
    joinDrainer();
    endLife();
  }

  private Reading reading() {
    Reading current = reading;
    if (current == null) {
      current = new Reading();
      reading = current;
    }
    return current;
  }

  private void readEarly(Receiver begun) {
    if (early != null) {
      byte[] bytes = new byte[MessageBuffer.BYTES];
      pass(begun, bytes, early.read(bytes));
    }
  }

  private long readAll(Receiver begun) {
    SocketCalls calls = reading().calls;
    MessageBuffer received = reading().received;
    while (true) {
      long count =
          socket
              ? calls.receiveMessage(input, received.prepareHeader())
              : readPair(calls, received);
      if (count == -Errno.EAGAIN.number()) {
        calls.poll(input, SocketCalls.POLLIN, -1);
      } else if (count <= 0) {
        if (!datagrams || closing) {
          return count;
        }
      } else {
        passDescriptors(begun, received);
        pass(begun, received.toHeap((int) count), (int) count);
      }
    }
  }

  private long readPair(SocketCalls calls, MessageBuffer received) {
    if (wake != null) {
      int unused = new HostCalls().poll(input, SocketCalls.POLLIN, wake.descriptor(), -1);
      if (closing) {
        return CLOSED;
      }
    }
    return calls.read(input, received.nativeBytes());
  }

  private void passDescriptors(Receiver begun, MessageBuffer received) {
    if (socket) {
      List<Integer> descriptors = received.descriptors();
      if (!descriptors.isEmpty()) {
        begun.offerDescriptors(descriptors);
      }
    }
  }

  private void pass(Receiver begun, byte[] bytes, int count) {
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
      reading().calls.poll(input, 0, -1);
    } else {
      finished.acquireUninterruptibly();
    }
  }

  private void joinDrainer() {
    Thread waiting = drainer;
    if (waiting != null) {
      close();
      joinFully(waiting);
    }
  }

  /** Waits for the end of a thread, also when somebody interrupts: a descriptor would be reused. */
  static void joinFully(Thread thread) {
    boolean over = join(thread);
    while (!over) {
      over = join(thread);
    }
  }

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
    } finally {
      life.unlock();
    }
  }

  @Override
  public int write(byte[] bytes, int from, int to) {
    if (early != null && early.write(bytes, from, to)) {
      return to - from;
    }
    Writing current = writing();
    int at = from;
    while (at < to) {
      int length = Math.min(to - at, socket ? OUTPUT_BYTES : PIPE_BUF);
      MemorySegment.copy(bytes, at, current.bytes, JAVA_BYTE, 0, length);
      long sent = writeOnce(current, length);
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

  private Writing writing() {
    Writing current = writing;
    if (current == null) {
      current = new Writing();
      writing = current;
    }
    return current;
  }

  private long writeOnce(Writing current, int length) {
    SocketCalls calls = current.calls;
    if (socket) {
      return calls.sendNow(output, current.bytes, length);
    }
    int ready = calls.poll(output, SocketCalls.POLLOUT, 0);
    return ready > 0 ? calls.write(output, current.bytes, length) : -Errno.EAGAIN.number();
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
      if (wake == null) {
        calls.poll(output, SocketCalls.POLLOUT, -1);
      } else {
        int unused = new HostCalls().poll(output, SocketCalls.POLLOUT, wake.descriptor(), -1);
      }
      all = session.join().writable() || closing;
    }
  }

  @Override
  public void resume() {
    room.release();
  }

  @Override
  public void close() {
    closing = true;
    finished.release();
    if (wake != null) {
      wake.signal();
    }
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
