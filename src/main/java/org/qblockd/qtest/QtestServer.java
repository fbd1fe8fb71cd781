// SPDX-License-Identifier: Apache-2.0
package org.qblockd.qtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.qblockd.base.Clock;
import org.qblockd.base.ControlLane;
import org.qblockd.base.VirtualClock;
import org.qblockd.chardev.Connection;
import org.qblockd.chardev.FrontEnd;
import org.qblockd.chardev.Receiver;

/**
 * Serves the test protocol on a character device ({@code -qtest}): lines come in, are answered on
 * the control lane one after another. Any thread.
 */
public final class QtestServer implements FrontEnd {
  /** A longer line ends the connection. */
  private static final int MAX_LINE_BYTES = 1 << 20;

  private final ControlLane lane;

  /** How long a step of the clock waits for requests that have begun before it. */
  private static final long PATIENCE_NANOS = 200_000_000;

  private final Clock clock;
  private final @Nullable VirtualClock testClock;
  private final @Nullable PrintStream log;

  /**
   * A server for the machine's clock.
   *
   * @param clock the host's
   * @param virtualClock the machine's; the protocol moves it when it is a {@link VirtualClock}
   * @param log what {@code -qtest-log} names, or null
   */
  public QtestServer(ControlLane lane, Clock clock, Clock virtualClock, @Nullable PrintStream log) {
    this.lane = lane;
    this.clock = clock;
    this.testClock = virtualClock instanceof VirtualClock virtual ? virtual : null;
    this.log = log;
  }

  @Override
  public Receiver connect(Connection connection) {
    VirtualClock moved = testClock;
    Runnable settle = moved == null ? () -> {} : () -> lane.pollWhile(moved::isHeld);
    Runnable rest = moved == null ? () -> {} : () -> rest(moved);
    QtestLog lines = new QtestLog(log, clock);
    lines.opened();
    return new Driver(lane, connection, new QtestProtocol(moved, rest, settle), lines);
  }

  /** Requests that have just begun belong to this moment, unless something stops them. */
  private void rest(VirtualClock moved) {
    if (!moved.atWork()) {
      return;
    }
    AtomicBoolean late = new AtomicBoolean();
    Clock.Timer limit =
        clock.schedule(
            PATIENCE_NANOS,
            () -> {
              late.set(true);
              lane.kick();
            });
    lane.pollWhile(() -> moved.atWork() && !late.get());
    limit.cancel();
  }

  /** One connected test driver. */
  private static final class Driver implements Receiver {
    private final ControlLane lane;
    private final Connection connection;
    private final QtestProtocol protocol;
    private final QtestLog log;

    /** Of the reading thread. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** Guards what is to be sent. */
    private final ReentrantLock lock = new ReentrantLock();

    private byte[] unsent = {};

    Driver(ControlLane lane, Connection connection, QtestProtocol protocol, QtestLog log) {
      this.lane = lane;
      this.connection = connection;
      this.protocol = protocol;
      this.log = log;
    }

    @Override
    public int receive(byte[] bytes, int from, int to) {
      for (int i = from; i < to; i++) {
        if (bytes[i] == '\n') {
          String text = line.toString(UTF_8);
          line.reset();
          lane.execute(() -> serve(text));
        } else {
          line.write(bytes[i]);
        }
      }
      if (line.size() > MAX_LINE_BYTES) {
        connection.close();
      }
      return to;
    }

    private void serve(String text) {
      log.received(text);
      String answer = protocol.answer(text);
      log.sent(answer);
      send((answer + "\n").getBytes(UTF_8));
    }

    private void send(byte[] answer) {
      lock.lock();
      try {
        byte[] all = new byte[unsent.length + answer.length];
        System.arraycopy(unsent, 0, all, 0, unsent.length);
        System.arraycopy(answer, 0, all, unsent.length, answer.length);
        int taken = connection.write(all, 0, all.length);
        unsent = Arrays.copyOfRange(all, taken, all.length);
      } finally {
        lock.unlock();
      }
    }

    /** The protocol passes no descriptors. */
    @Override
    public void offerDescriptors(List<Integer> received) {
      for (int fd : received) {
        connection.closeDescriptor(fd);
      }
    }

    @Override
    public void endOfInput() {
      connection.close();
    }

    @Override
    public boolean writable() {
      send(new byte[0]);
      lock.lock();
      try {
        return unsent.length == 0;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void detach() {
      log.closed();
    }
  }
}
