// SPDX-License-Identifier: Apache-2.0
package org.qblockd.chardev;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.qapi.QmpException;

/**
 * A device on a stream socket: it listens and has one client at a time, the next one waiting in the
 * kernel's queue; or it connects, and connects again if it is told to. One thread accepts, connects
 * and reads.
 */
final class SocketDevice extends CharDevice {
  /** Clients that may wait, as in QEMU. */
  static final int BACKLOG = 1;

  /** Pause after a failed accept. */
  private static final int RETRY_MILLIS = 100;

  private static final int NONE = -1;

  private final Endpoint endpoint;
  private final SocketOptions options;
  private final Consumer<String> reports;

  private final ReentrantLock lock = new ReentrantLock();
  // Under the lock.
  private int listener = NONE;
  private int client = NONE;
  private @Nullable String connectedText;
  private @Nullable DescriptorStream stream;
  private @Nullable Wake wake;
  private boolean closed;

  // Of the device's thread.
  private boolean failureReported;

  /**
   * A socket that is not open yet.
   *
   * @param reports gets sentences for the user of the server
   */
  SocketDevice(String id, Endpoint endpoint, SocketOptions options, Consumer<String> reports) {
    super(id);
    this.endpoint = endpoint;
    this.options = options;
    this.reports = reports;
  }

  @Override
  void open() throws BlockException, QmpException {
    if (options.server()) {
      SocketCalls calls = new SocketCalls();
      listener = endpoint.listen(calls);
      if (options.waits()) {
        reports.accept("info: QEMU waiting for connection on: " + filename());
        client = calls.accept(listener);
      }
    } else if (endpoint instanceof DescriptorEndpoint inherited) {
      client = inherited.check();
    } else if (options.reconnectMillis() == 0) {
      client = endpoint.connect(new SocketCalls());
    }
  }

  @Override
  void begin() {
    Thread.ofPlatform().name("chardev-socket").daemon(true).start(this::run);
  }

  @Override
  public boolean isReconnectable() {
    return true;
  }

  @Override
  public String filename() {
    lock.lock();
    try {
      if (client != NONE) {
        String text = connectedText;
        if (text == null) {
          text = SocketNames.describe(client, options);
          connectedText = text;
        }
        return text;
      }
      return "disconnected:" + endpoint.text(listener) + role();
    } finally {
      lock.unlock();
    }
  }

  private String role() {
    return options.server() ? ",server=on" : "";
  }

  private void run() {
    if (options.server()) {
      acceptAll();
    } else {
      connectAll();
    }
  }

  // ---- listening ------------------------------------------------------------------------------

  private void acceptAll() {
    SocketCalls calls = new SocketCalls();
    int next = client == NONE ? calls.accept(listener) : client;
    while (accepted(calls, next)) {
      next = calls.accept(listener);
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
  private boolean accepted(SocketCalls calls, int next) {
    if (next < 0 && !isClosed()) {
      // Mostly a lack of descriptors or memory, which may pass.
      calls.poll(listener, 0, RETRY_MILLIS);
      return true;
    }
    return next >= 0 && serve(calls, next);
  }

  // ---- connecting -----------------------------------------------------------------------------

  private void connectAll() {
    if (client != NONE) {
      boolean inherited = endpoint instanceof DescriptorEndpoint;
      if (!serve(inherited ? null : new SocketCalls(), client)) {
        return;
      }
    } else {
      connectOnce();
    }
    while (options.reconnectMillis() > 0 && pause()) {
      connectOnce();
    }
  }

  private void connectOnce() {
    SocketCalls calls = new SocketCalls();
    try {
      int made = endpoint.connect(calls);
      failureReported = false;
      boolean unused = serve(calls, made);
    } catch (BlockException e) {
      report(e.message());
    } catch (QmpException e) {
      report(e.text());
    }
  }

  private void report(String failure) {
    if (!failureReported) {
      failureReported = true;
      reports.accept("Unable to connect character device " + id() + ": " + failure);
    }
  }

  /** Waits for the time of the next attempt; false when the device is closed. */
  private boolean pause() {
    Wake end = wake();
    if (end != null) {
      int millis = (int) Math.min(options.reconnectMillis(), Integer.MAX_VALUE);
      int unused = new HostCalls().poll(NONE, 0, end.descriptor(), millis);
    }
    return !isClosed();
  }

  // ---- one connection -------------------------------------------------------------------------

  /** Serves a connection until it ends; false when the device is closed. */
  private boolean serve(@Nullable SocketCalls calls, int connection) {
    lock.lock();
    try {
      if (closed) {
        int unused = new SocketCalls().close(connection);
        return false;
      }
      client = connection;
      connectedText = null;
    } finally {
      lock.unlock();
    }
    tune(connection);
    greet(connection);
    FrontEnd frontEnd = awaitUser(connection);
    DescriptorStream begun = frontEnd == null ? null : begin(calls, connection, frontEnd);
    if (begun != null) {
      begun.serve();
    }
    lock.lock();
    try {
      stream = null;
      client = NONE;
      int unused = new SocketCalls().close(connection);
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable DescriptorStream begin(
      @Nullable SocketCalls calls, int connection, FrontEnd frontEnd) {
    FrontEnd spoken = options.telnet() == null ? frontEnd : options.telnet().over(frontEnd);
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      DescriptorStream begun =
          calls == null
              ? DescriptorStream.ofInherited(spoken, connection)
              : DescriptorStream.ofSocket(spoken, connection);
      stream = begun;
      return begun;
    } finally {
      lock.unlock();
    }
  }

  /** A few bytes, which every new connection takes. */
  private void greet(int connection) {
    Telnet telnet = options.telnet();
    if (telnet != null) {
      MemorySegment bytes = Arena.ofAuto().allocate(telnet.greeting().length);
      bytes.copyFrom(MemorySegment.ofArray(telnet.greeting()));
      long unused = new SocketCalls().sendNow(connection, bytes, bytes.byteSize());
    }
  }

  private void tune(int connection) {
    if (!endpoint.isTcp()) {
      return;
    }
    HostCalls calls = new HostCalls();
    if (options.noDelay()) {
      calls.setOption(connection, HostCalls.IPPROTO_TCP, HostCalls.TCP_NODELAY, 1);
    }
    if (options.keepAlive()) {
      calls.setOption(connection, HostCalls.SOL_SOCKET, HostCalls.SO_KEEPALIVE, 1);
    }
  }

  /** The front end; null when the client hangs up or the device is closed before there is one. */
  private @Nullable FrontEnd awaitUser(int connection) {
    FrontEnd frontEnd = user();
    while (frontEnd == null) {
      Wake change = wake();
      int event =
          change == null ? -1 : new HostCalls().poll(connection, 0, change.descriptor(), -1);
      frontEnd = user();
      if (event != 0 || isClosed()) {
        return null;
      }
      forgetWake();
    }
    return frontEnd;
  }

  /** What wakes the device's thread now; null when the device is closed. */
  private @Nullable Wake wake() {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      Wake current = wake == null ? new Wake() : wake;
      wake = current;
      return current;
    } finally {
      lock.unlock();
    }
  }

  private void forgetWake() {
    lock.lock();
    try {
      if (wake != null) {
        wake.close();
        wake = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  void attached() {
    lock.lock();
    try {
      if (wake != null) {
        wake.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  void detached() {
    DescriptorStream current;
    lock.lock();
    try {
      current = stream;
    } finally {
      lock.unlock();
    }
    if (current != null) {
      current.close();
    }
  }

  @Override
  void close() {
    DescriptorStream current;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      current = stream;
      if (wake != null) {
        wake.signal();
      }
      if (listener != NONE) {
        closeListener();
      }
      if (!isStarted() && client != NONE) {
        int unused = new SocketCalls().close(client);
      }
    } finally {
      lock.unlock();
    }
    if (current != null) {
      current.close();
    }
  }

  private void closeListener() {
    SocketCalls calls = new SocketCalls();
    calls.shutdown(listener);
    if (!isStarted()) {
      calls.close(listener);
    }
    endpoint.remove();
  }

  /** Cuts the present connection, as if the peer had hung up. Any thread. */
  void cut() {
    lock.lock();
    try {
      if (client != NONE) {
        new SocketCalls().shutdown(client);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The port of TCP that it listens on, or -1. */
  int port() {
    lock.lock();
    try {
      if (listener == NONE || !endpoint.isTcp()) {
        return NONE;
      }
      String text = HostAddress.text(new HostCalls().name(listener, false));
      return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    } finally {
      lock.unlock();
    }
  }
}
