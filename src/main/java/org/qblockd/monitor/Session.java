// SPDX-License-Identifier: Apache-2.0
package org.qblockd.monitor;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.chardev.Connection;
import org.qblockd.chardev.Receiver;
import org.qblockd.qapi.ErrorClass;
import org.qblockd.qapi.QmpException;
import org.qblockd.qapi.json.JsonStream;
import org.qblockd.qapi.json.JsonStream.Complete;
import org.qblockd.qapi.json.JsonStream.Message;
import org.qblockd.qapi.json.JsonValue.JsonObject;

/**
 * The conversation with one client, from the greeting to the end of the connection: requests are
 * queued in order and run on the control lane, out-of-band ones at once.
 *
 * <p>{@link #receive}, {@link #offerDescriptors} and {@link #endOfInput} belong to the thread that
 * reads the connection, {@link #negotiate} and {@link #takeDescriptor} to a running command; the
 * rest may be called by any thread.
 */
public final class Session implements Receiver {
  /** In-band requests that wait once the client has enabled out-of-band execution, as in QEMU. */
  static final int MAX_QUEUE_OOB = 8;

  /** Requests that wait otherwise. QEMU reads one at a time; the client cannot tell. */
  static final int MAX_QUEUE = 256;

  /** Bytes of waiting requests; a longer one waits alone. */
  static final int MAX_QUEUE_BYTES = 1 << 20;

  private static final ThreadLocal<@Nullable Session> CURRENT = new ThreadLocal<>();

  private final Monitor monitor;
  private final Connection connection;
  private final Outbox outbox;
  private final Recording.@Nullable Tap tap;
  private final CommandRunner runner;
  private final Runnable turn = this::runQueued;

  // Of the reading thread.
  private final JsonStream stream = new JsonStream();
  private int unaccounted;
  private List<Integer> offered = List.of();

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Request> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean scheduled;
  private boolean readerWaits;
  private boolean inputEnded;
  private List<Integer> descriptors = List.of();

  private volatile boolean negotiated;
  private volatile boolean oobEnabled;

  Session(Monitor monitor, Connection connection) {
    this.monitor = monitor;
    this.connection = connection;
    tap = monitor.nextTap();
    outbox = new Outbox(connection, monitor.isPretty(), tap);
    runner = new CommandRunner(this, monitor.backend().dispatcher());
  }

  /** The session whose command is running on this thread; null outside commands. */
  public static @Nullable Session current() {
    return CURRENT.get();
  }

  /**
   * Takes bytes of the client. They may hold any part of any number of messages.
   *
   * @return the index of the first byte not taken; when less than {@code to}, the queue is full,
   *     and {@link Connection#resume} tells when to offer the rest
   */
  @Override
  public int receive(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && hasRoom()) {
      int start = at;
      at = stream.feed(bytes, at, to);
      unaccounted += at - start;
      Message message = stream.take();
      if (message != null) {
        accept(message);
      }
    }
    schedule();
    return at;
  }

  /** Descriptors that came with the bytes that {@link #receive} is given next. */
  @Override
  public void offerDescriptors(List<Integer> received) {
    closeAll(offered);
    offered = received;
  }

  /**
   * The client sends no more, but may still read: what it sent is still run and answered, then the
   * connection is closed.
   */
  @Override
  public void endOfInput() {
    lock.lock();
    try {
      inputEnded = true;
    } finally {
      lock.unlock();
    }
    closeWhenDone();
  }

  /** The client reads on; returns whether everything that waited for it is sent. */
  @Override
  public boolean writable() {
    boolean all = outbox.writable();
    if (all) {
      closeWhenDone();
    }
    return all;
  }

  /**
   * The connection is gone and is not used after this. Requests that were read still run,
   * unanswered; no event comes here any more.
   */
  @Override
  public void detach() {
    monitor.disconnected(this);
    outbox.close();
    closeAll(offered);
    offered = List.of();
    lock.lock();
    try {
      inputEnded = true;
    } finally {
      lock.unlock();
    }
    closeLeftDescriptors();
  }

  /** Ends the negotiation, as qmp_capabilities asks: from now on all commands are there. */
  public void negotiate(List<String> capabilities) throws QmpException {
    if (negotiated) {
      throw new QmpException(
          ErrorClass.COMMAND_NOT_FOUND,
          "Capabilities negotiation is already complete, command ignored");
    }
    for (String capability : capabilities) {
      if (!capability.equals("oob") || !monitor.offersOob()) {
        throw QmpException.generic("Capability '" + capability + "' not available");
      }
    }
    oobEnabled = !capabilities.isEmpty();
    negotiated = true;
  }

  /**
   * The first of the descriptors that came last by SCM_RIGHTS, now the caller's; -1 when there is
   * none. The others of the same message are closed, as in QEMU.
   */
  public int takeDescriptor() {
    lock.lock();
    try {
      if (descriptors.isEmpty()) {
        return -1;
      }
      int taken = descriptors.getFirst();
      closeAll(descriptors.subList(1, descriptors.size()));
      descriptors = List.of();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** The descriptors that clients of this monitor have named. */
  public NamedDescriptors descriptors() {
    return monitor.descriptors();
  }

  boolean isNegotiated() {
    return negotiated;
  }

  boolean isOobEnabled() {
    return oobEnabled;
  }

  Backend backend() {
    return monitor.backend();
  }

  /** Waits until the client has taken what is sent, or does not read any more. */
  void drain() {
    outbox.drain();
  }

  /** Sends a message now. */
  void send(JsonObject message) {
    outbox.append(message);
    outbox.flush();
  }

  static @Nullable Session enter(Session session) {
    Session before = CURRENT.get();
    CURRENT.set(session);
    return before;
  }

  static void leave(@Nullable Session before) {
    CURRENT.set(before);
  }

  private boolean hasRoom() {
    lock.lock();
    try {
      int limit = oobEnabled ? MAX_QUEUE_OOB : MAX_QUEUE;
      boolean full = queue.size() >= limit || queuedBytes > MAX_QUEUE_BYTES;
      readerWaits = full;
      return !full;
    } finally {
      lock.unlock();
    }
  }

  private void accept(Message message) {
    Request request = new Request(message, unaccounted, offered);
    unaccounted = 0;
    offered = List.of();
    boolean beside =
        oobEnabled
            && message instanceof Complete complete
            && Envelope.isOutOfBand(complete.value());
    if (beside) {
      execute(request);
      outbox.flush();
      return;
    }
    lock.lock();
    try {
      queue.add(request);
      queuedBytes += request.bytes();
    } finally {
      lock.unlock();
    }
  }

  /** Asks for a turn on the lane, or takes it if the lane is idle and this thread may. */
  private void schedule() {
    lock.lock();
    try {
      if (scheduled || queue.isEmpty()) {
        return;
      }
      scheduled = true;
    } finally {
      lock.unlock();
    }
    // With out-of-band execution the reading thread must stay free for it.
    if (connection.mayRunCommands() && !oobEnabled) {
      backend().lane().executeHere(turn);
    } else {
      backend().lane().execute(turn);
    }
  }

  /**
   * A turn on the lane. Replies of quick commands leave together; a command that may take long lets
   * those before it leave first, and after it other monitors have their turn.
   */
  private void runQueued() {
    int done = 0;
    boolean yield = false;
    Request request = next();
    while (request != null) {
      boolean quick = CommandRunner.isQuick(request.message());
      if (!quick) {
        outbox.flush();
      }
      execute(request);
      done++;
      yield = !quick || done == MAX_QUEUE;
      request = yield ? null : next();
    }
    outbox.flush();
    if (yield && turnStillNeeded()) {
      backend().lane().execute(turn);
    } else {
      closeWhenDone();
    }
  }

  private boolean turnStillNeeded() {
    lock.lock();
    try {
      scheduled = !queue.isEmpty();
      return scheduled;
    } finally {
      lock.unlock();
    }
  }

  private void execute(Request request) {
    if (!request.descriptors().isEmpty()) {
      replaceDescriptors(request.descriptors());
    }
    if (tap != null) {
      tap.received(request.message());
    }
    JsonObject reply = runner.run(request.message());
    if (reply != null) {
      outbox.append(reply);
    }
  }

  private @Nullable Request next() {
    Request request;
    boolean resume;
    lock.lock();
    try {
      request = queue.poll();
      if (request == null) {
        scheduled = false;
      } else {
        queuedBytes -= request.bytes();
      }
      boolean room = oobEnabled || queue.size() <= MAX_QUEUE / 2;
      resume = readerWaits && room && queuedBytes <= MAX_QUEUE_BYTES;
      if (resume) {
        readerWaits = false;
      }
    } finally {
      lock.unlock();
    }
    if (resume) {
      connection.resume();
    }
    return request;
  }

  /** Whether nothing waits to be run and nothing is running in-band. */
  boolean isIdle() {
    lock.lock();
    try {
      return queue.isEmpty() && !scheduled;
    } finally {
      lock.unlock();
    }
  }

  private void closeWhenDone() {
    boolean done;
    lock.lock();
    try {
      done = inputEnded && queue.isEmpty() && !scheduled;
    } finally {
      lock.unlock();
    }
    if (done && outbox.isEmpty()) {
      closeLeftDescriptors();
      connection.close();
    }
  }

  private void replaceDescriptors(List<Integer> received) {
    List<Integer> before;
    lock.lock();
    try {
      before = descriptors;
      descriptors = received;
    } finally {
      lock.unlock();
    }
    closeAll(before);
  }

  private void closeLeftDescriptors() {
    if (isIdle()) {
      replaceDescriptors(List.of());
    }
  }

  private void closeAll(List<Integer> unused) {
    for (int descriptor : unused) {
      connection.closeDescriptor(descriptor);
    }
  }
}
