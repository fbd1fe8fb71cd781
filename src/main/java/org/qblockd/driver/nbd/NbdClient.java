// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.BlockException;
import org.qblockd.base.Clock;
import org.qblockd.base.Errno;
import org.qblockd.nbd.ClientAgreement;
import org.qblockd.nbd.ClientNegotiation;
import org.qblockd.nbd.Nbd;
import org.qblockd.nbd.NegotiationException;
import org.qblockd.nbd.Request;
import org.qblockd.nbd.StartTls;
import org.qblockd.qapi.types.SocketAddress;
import org.qblockd.tls.TlsCredentials;

/**
 * Keeps a connection to an export: after a loss the next request connects again, and for a while
 * requests wait for that rather than fail. Any thread.
 */
final class NbdClient {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Where the export is and how long to wait for it.
   *
   * @param context the metadata context that tells the status of ranges
   * @param tls null for plain connections
   * @param host the name that the server's certificate must be for; null if nobody knows
   */
  record Target(
      SocketAddress server,
      String export,
      String context,
      @Nullable TlsCredentials tls,
      @Nullable String host,
      long reconnectNanos) {}

  private final Target target;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final ClientAgreement first;
  private volatile ServerConnection connection;
  private long lostAtNanos;
  private boolean lossSeen;
  private volatile boolean closed;

  /** Nobody wants to wait for the server any more, until it is back. */
  private volatile boolean impatient;

  /** The attempt to connect again has used up its time. */
  private volatile boolean expired;

  /** What that attempt talks through; who gives it up closes it. */
  private volatile @Nullable ServerSocket attempt;

  private NbdClient(Target target, Clock clock, ServerConnection connection) {
    this.target = target;
    this.clock = clock;
    this.connection = connection;
    this.first = connection.agreement();
  }

  /** Connects, and tries again for {@code timeoutNanos} while the server cannot be reached. */
  static NbdClient open(Target target, Clock clock, long timeoutNanos) throws BlockException {
    long begin = clock.monotonicNanos();
    ReentrantLock pause = new ReentrantLock();
    while (true) {
      try {
        return new NbdClient(target, clock, connect(target, socket -> {}));
      } catch (BlockException e) {
        boolean once = target.server instanceof SocketAddress.Fd;
        if (once || clock.monotonicNanos() - begin + RETRY_NANOS > timeoutNanos) {
          throw e;
        }
      }
      pause.lock();
      try {
        boolean unused = pause.newCondition().await(RETRY_NANOS, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        throw BlockException.io(Errno.EINTR, e);
      } finally {
        pause.unlock();
      }
    }
  }

  private static ServerConnection connect(Target target, Consumer<ServerSocket> begun)
      throws BlockException {
    ServerSocket socket = new ServerSocket(ServerAddress.connect(target.server));
    begun.accept(socket);
    try {
      ClientAgreement agreement = negotiate(target, socket);
      ServerConnection connection = new ServerConnection(socket, agreement);
      connection.start();
      return connection;
    } catch (NegotiationException e) {
      socket.close();
      throw BlockException.invalid(e.message()).hinted(e.hint());
    } catch (IOException e) {
      socket.close();
      throw BlockException.of(Errno.EIO, ClientNegotiation.shortTalk(e));
    }
  }

  private static ClientAgreement negotiate(Target target, ServerSocket socket)
      throws IOException, NegotiationException {
    TlsCredentials tls = target.tls;
    StartTls start =
        tls == null
            ? null
            : () -> {
              socket.startTls(tls, target.host);
              return socket;
            };
    return new ClientNegotiation(socket, target.export, target.context, start).negotiate();
  }

  /** What the first handshake agreed on; later ones must agree on the same. */
  ClientAgreement agreement() {
    return first;
  }

  /** Sends a request and waits for the answer. */
  Exchange request(
      int command,
      int flags,
      long offset,
      long length,
      @Nullable ByteBuffer data,
      @Nullable ByteBuffer into)
      throws BlockException {
    Request request = new Request(flags, command, 0, offset, length);
    try {
      while (true) {
        Exchange answer = alive().exchange(request, data, into);
        if (answer != null) {
          check(answer);
          return answer;
        }
        if (target.reconnectNanos == 0) {
          throw BlockException.io(Errno.EIO);
        }
      }
    } catch (InterruptedException e) {
      throw BlockException.io(Errno.EINTR, e);
    }
  }

  private static void check(Exchange answer) throws BlockException {
    if (answer.error() != 0) {
      throw BlockException.io(Nbd.errorOffWire(answer.error()));
    }
  }

  private ServerConnection alive() throws BlockException, InterruptedException {
    ServerConnection current = connection;
    return current.dead() ? reconnected() : current;
  }

  private ServerConnection reconnected() throws BlockException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (connection.dead()) {
        reconnect();
      }
      return connection;
    } finally {
      lock.unlock();
    }
  }

  /** Tries once, and after a failure waits for the next time or gives up. Under the lock. */
  private void reconnect() throws BlockException, InterruptedException {
    if (closed) {
      throw BlockException.io(Errno.EIO);
    }
    if (!lossSeen) {
      lossSeen = true;
      lostAtNanos = clock.monotonicNanos();
    }
    if (tryAgain()) {
      return;
    }
    if (impatient || clock.monotonicNanos() - lostAtNanos >= target.reconnectNanos) {
      throw BlockException.io(Errno.EIO);
    }
    for (long left = RETRY_NANOS; left > 0 && !closed && !impatient; ) {
      left = closing.awaitNanos(left);
    }
  }

  private boolean tryAgain() throws BlockException {
    if (target.server instanceof SocketAddress.Fd) {
      // The descriptor went with the first connection.
      throw BlockException.io(Errno.EIO);
    }
    ServerConnection next;
    long left = target.reconnectNanos - (clock.monotonicNanos() - lostAtNanos);
    expired = false;
    Clock.Timer limit = clock.schedule(Math.max(RETRY_NANOS, left), this::expire);
    try {
      next = connect(target, this::attempting);
    } catch (BlockException notYet) {
      return false;
    } finally {
      limit.cancel();
      attempt = null;
    }
    ClientAgreement now = next.agreement();
    if (now.size() != first.size()
        || now.mode() != first.mode()
        || (first.flags() & ~now.flags() & ~Nbd.CAN_MULTI_CONN) != 0) {
      next.close();
      throw BlockException.io(Errno.EIO);
    }
    connection = next;
    lossSeen = false;
    impatient = false;
    if (closed) {
      next.cut();
    }
    return true;
  }

  private void attempting(ServerSocket socket) {
    attempt = socket;
    if (closed || expired) {
      socket.close();
    }
  }

  private void expire() {
    expired = true;
    giveUpAttempt();
  }

  private void giveUpAttempt() {
    ServerSocket current = attempt;
    if (current != null) {
      current.close();
    }
  }

  /** Lets requests fail that wait for the server to come back. */
  void giveUpWaiting() {
    if (!connection.dead()) {
      return;
    }
    impatient = true;
    giveUpAttempt();
    // Where another thread has the lock it looks at the flag before it waits.
    if (lock.tryLock()) {
      try {
        closing.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Ends the connection for good and at once: requests in flight fail. */
  void cut() {
    closed = true;
    connection.cut();
    giveUpAttempt();
  }

  /** Ends the connection for good, with a good-bye; nothing is in flight. */
  void close() {
    closed = true;
    connection.close();
    giveUpAttempt();
    lock.lock();
    try {
      connection.close();
      closing.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
