// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Errno;

/**
 * A monitor that listens: on a unix socket, or on a listening socket inherited from the parent. It
 * has one client at a time; the next one waits in the kernel's backlog until that has left. The
 * main thread opens, starts and closes; one thread accepts and reads.
 */
public final class UnixTransport implements Transport {
  /** Clients that may wait, as in QEMU. */
  private static final int BACKLOG = 1;

  /** Pause after a failed accept. */
  private static final int RETRY_MILLIS = 100;

  private static final int NONE = -1;

  private final FrontEnd frontEnd;
  private final @Nullable UnixAddress address;
  private final boolean waits;
  private final Consumer<String> notices;
  private final ReentrantLock lock = new ReentrantLock();
  private int listener;
  private int firstClient = NONE;
  private boolean closed;
  private @Nullable DescriptorStream stream;

  private UnixTransport(
      FrontEnd frontEnd,
      int listener,
      @Nullable UnixAddress address,
      boolean waits,
      Consumer<String> notices) {
    this.frontEnd = frontEnd;
    this.listener = listener;
    this.address = address;
    this.waits = waits;
    this.notices = notices;
  }

  /**
   * Listens on a socket of our own.
   *
   * @param waits whether {@link #open} waits for the first client
   * @param notices gets the text that tells the user so, without the option it belongs to
   */
  public static UnixTransport listen(
      FrontEnd frontEnd, UnixAddress address, boolean waits, Consumer<String> notices) {
    return new UnixTransport(frontEnd, NONE, address, waits, notices);
  }

  /** Serves a socket on which the parent process listens; it is closed in the end. */
  public static UnixTransport ofDescriptor(
      FrontEnd frontEnd, int fd, boolean waits, Consumer<String> notices) {
    return new UnixTransport(frontEnd, fd, null, waits, notices);
  }

  @Override
  public void open() throws BlockException {
    SocketCalls calls = new SocketCalls();
    if (address != null) {
      bind(calls, address);
    } else if (!calls.isSocket(listener)) {
      throw BlockException.invalid("File descriptor '" + listener + "' is not a socket");
    }
    int result = calls.listen(listener, BACKLOG);
    if (result < 0) {
      throw BlockException.withErrno(Errno.of(-result), "Failed to listen on socket");
    }
    if (waits) {
      notices.accept("info: QEMU waiting for connection on: disconnected:" + description());
      firstClient = calls.accept(listener);
    }
  }

  private void bind(SocketCalls calls, UnixAddress bound) throws BlockException {
    listener = calls.socket(SocketCalls.AF_UNIX);
    if (listener < 0) {
      throw BlockException.withErrno(Errno.of(-listener), "Failed to create Unix socket");
    }
    int result;
    try {
      unlink(bound);
      result = calls.bind(listener, bound.toNative());
    } catch (BlockException e) {
      calls.close(listener);
      throw e;
    }
    if (result < 0) {
      calls.close(listener);
      throw BlockException.withErrno(Errno.of(-result), "Failed to bind socket to " + bound.path());
    }
  }

  /** Whatever lies at the path gives way to the socket, as in QEMU. */
  private static void unlink(UnixAddress bound) throws BlockException {
    if (bound.isAbstract()) {
      return;
    }
    try {
      Files.deleteIfExists(Path.of(bound.path()));
    } catch (IOException e) {
      throw BlockException.of(Errno.EIO, "Failed to unlink socket " + bound.path() + ": " + e);
    }
  }

  private String description() {
    if (address == null) {
      return "fd:" + listener + ",server=on";
    }
    String kind = address.isAbstract() ? ",abstract=on" : "";
    return "unix:" + address.path() + kind + ",server=on";
  }

  @Override
  public void start() {
    Thread.ofPlatform().name("monitor-unix").daemon(true).start(this::acceptAll);
  }

  private void acceptAll() {
    SocketCalls calls = new SocketCalls();
    int client = firstClient == NONE ? calls.accept(listener) : firstClient;
    while (serve(calls, client)) {
      client = calls.accept(listener);
    }
    lock.lock();
    try {
      closed = true;
      calls.close(listener);
    } finally {
      lock.unlock();
    }
  }

  /** Serves a client until it leaves; false when no further one is wanted. */
  private boolean serve(SocketCalls calls, int client) {
    DescriptorStream begun;
    lock.lock();
    try {
      if (closed) {
        if (client >= 0) {
          calls.close(client);
        }
        return false;
      }
      if (client < 0) {
        // Mostly a lack of descriptors or memory, which may pass.
        calls.poll(listener, 0, RETRY_MILLIS);
        return true;
      }
      begun = DescriptorStream.ofSocket(frontEnd, client);
      stream = begun;
    } finally {
      lock.unlock();
    }
    begun.serve();
    return true;
  }

  @Override
  public void close() {
    SocketCalls calls = new SocketCalls();
    DescriptorStream current;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      current = stream;
      calls.shutdown(listener);
    } finally {
      lock.unlock();
    }
    if (address != null && !address.isAbstract()) {
      boolean unused = Path.of(address.path()).toFile().delete();
    }
    if (current != null) {
      current.close();
    }
  }
}
